-- For this transaction: whose name the trails may lose, and the pseudonym for it. Parameters: name, pseudonym.
SELECT set_config('geo.erased_name', :name, true), set_config('geo.pseudonym', :pseudonym, true)
