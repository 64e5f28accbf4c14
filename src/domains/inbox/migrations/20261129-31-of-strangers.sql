-- With whom somebody whom nobody knows spoke last.
create index conversations_of_strangers on conversations (sender, last_at) where fan_id is null and sender <> '';
