-- An announcement gives several things, in their order; the first leads (docs/decisions/0068).
create table announcement_things (
  announcement_id uuid not null references announcements on delete cascade,
  position smallint not null check (position >= 0),
  id uuid not null unique default gen_random_uuid(),
  -- 'release:<id>', 'track:<id>', 'post:<id>'.
  subject text not null,
  -- The artist whose it is, when a label gives it, and its gift on the spine: both from the moment that it leaves.
  given_by uuid,
  gift_id uuid,
  -- What that gift is called there. That of the thing that leads is the announcement's own.
  gift text not null generated always as (case position when 0 then 'announcement:' || announcement_id::text else 'given:' || id::text end) stored,
  primary key (announcement_id, position),
  unique (announcement_id, subject)
);
insert into announcement_things (announcement_id, position, subject, given_by, gift_id)
  select id, 0, subject, given_by, gift_id from announcements where subject is not null;
alter table announcements drop column subject, drop column given_by;

-- Whether an announcement may go on leaving: as long as all that it gives may still be given.
create function may_still_leave(announcement uuid, label uuid) returns boolean language sql stable parallel safe as $$
  select label is null or not exists (
    select from announcement_things t where t.announcement_id = announcement and not may_still_give(label, t.given_by))
$$;
