"""PostGIS: tables, migrations, and one module per thing stored."""
