-- Persons of the spine who turned out to be one: each with the person under whom the fan is counted. `since`: what they did from then on is the fan's; null
-- for the person of a fan who was merged into another, whose doings were a fan's always.
create view one_person as
  select p.person_id, f.person_id as is_person,
    case when exists (select from fans merged where merged.person_id = p.person_id) then null else p.since end as since
  from person_fans p join fans f on f.id = p.fan_id;
