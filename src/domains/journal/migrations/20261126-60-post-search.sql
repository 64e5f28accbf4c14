-- Posts are looked for by a piece of their title or of their words.
create index posts_search on posts using gin (searchable(title) gin_trgm_ops, searchable(body) gin_trgm_ops);
