-- The order in which an artist's own pictures stand; those that were there stand as they came.
alter table press_pictures add column place integer;
update press_pictures p set place = o.place from (
  select id, row_number() over (partition by artist_id order by added_at, id) as place from press_pictures) o where o.id = p.id;
alter table press_pictures alter column place set not null;
