-- A label writes letters as an artist does, to its own fans (docs/decisions/0119).
alter table letters alter column artist_id drop not null;
alter table letters
  add column label_id uuid references labels on delete cascade,
  -- The artist whose music or post a label gives by it: it leaves only while that artist lets it. Null: words alone, or the label's own.
  add column given_by uuid,
  add check (num_nonnulls(artist_id, label_id) = 1);
create index on letters (label_id) where label_id is not null;

-- Of what was taken to be handed over, whose things a label gives by its letters: asked again before each batch of it begins.
alter table hand_loads
  add column lent_to uuid,
  add column lent_by uuid[] not null default '{}';
