-- Until the end of the transaction no lock is waited for longer. Parameters: longest (with its unit).
SELECT set_config('lock_timeout', :longest, true)
