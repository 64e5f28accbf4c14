-- A code that was given to somebody by name is not printed on a card, nor given to another (docs/decisions/0093).
alter table codes add column handed_at timestamptz;
