-- As releases: what members of an artist read while not everybody does (docs/decisions/0110).
alter table posts
  drop constraint posts_visibility_check,
  add constraint posts_visibility_check check (visibility in ('draft', 'scheduled', 'unlisted', 'members', 'public')),
  add column for_members boolean not null default false,
  add column member_plans uuid[] not null default '{}',
  add column members_listed boolean not null default true,
  add column teaser text not null default '',
  add column members_at timestamptz,
  add constraint members_is_for_members check (visibility <> 'members' or for_members),
  -- Artists have members, labels have none.
  add constraint for_members_of_an_artist check (not for_members or artist_id is not null);
create index posts_for_members on posts (sender_id) where for_members;
