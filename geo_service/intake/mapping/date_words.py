"""Words around a date that do not change it, in Dutch, French, German and English, as alternatives of a regular expression in small letters."""

WEEKDAYS = (
    "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    "|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    "|ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun|lun|mer|jeu|ven|sam|dim"
)
"""*Mar* is a month as well as a weekday, so it is not among them."""
PREPOSITIONS = "vanaf|van|tot en met|tot|circa|ca|omstreeks|rond|ongeveer|vermoedelijk|voorzien|op|du|au|le|environ|env|vers|ab|bis|etwa|about|from|to|the"
""""Before" and "after" are no such words: they name no day."""
