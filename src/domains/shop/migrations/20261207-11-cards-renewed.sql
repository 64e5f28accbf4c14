-- When what is known of a card was so at the provider: an older telling changes nothing of it.
alter table kept_cards add column seen_at timestamptz;
update kept_cards set seen_at = kept_at;
alter table kept_cards alter column seen_at set not null;
create index on kept_cards (method) where forgotten_at is null;
