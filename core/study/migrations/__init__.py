"""How the files of studies and kits came to their present schema; run by core.study.database."""
