"""Where the clearinghouse keeps its list: SQLAlchemy Core on SQLite or PostgreSQL, one file per aggregate."""
