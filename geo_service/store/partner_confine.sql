-- From here to the end of the transaction: the rights of partners, and the owner group whose rows are visible.
SELECT set_config('geo.party', :party, true), set_config('role', 'geo_partner', true)
