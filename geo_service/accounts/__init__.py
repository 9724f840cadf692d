"""People sign in: local accounts, OpenID Connect, the demo's ready-made accounts; sessions and the users themselves."""
