-- Run by the image once, when its volume is empty: a role for Baton that owns its database and that row-level security holds.
\getenv password POSTGRES_BATON_PASSWORD
CREATE ROLE baton LOGIN PASSWORD :'password' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE baton OWNER baton ENCODING 'UTF8' TEMPLATE template0;
