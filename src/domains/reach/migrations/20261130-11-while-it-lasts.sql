-- Whether an announcement may go on leaving: a mandate that has come to its end lets nothing leave.
create or replace function may_still_give(label uuid, artist uuid) returns boolean language sql stable parallel safe as $$
  select label is null or artist is null or exists (
    select from living_mandates m join artists a on a.id = m.artist_id and a.goes_at is null
    where m.label_id = label and m.artist_id = artist and 'announce.send' = any(m.permissions))
$$;
