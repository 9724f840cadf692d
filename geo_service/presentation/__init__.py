"""Words and forms that every edge and channel needs: a verdict as a sentence, a conflict as a title, an alert as text.

Facts come in; sentences in the language of a `Translator` come out. Nothing here reads the database.
"""
