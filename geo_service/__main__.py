"""`python -m geo_service`."""

from geo_service.cli import main

main()
