-- What members of an artist see while not everybody does. 'members': until somebody decides otherwise; with for_members, 'scheduled' is theirs before it is everybody's.
alter table releases
  drop constraint releases_visibility_check,
  add constraint releases_visibility_check check (visibility in ('draft', 'scheduled', 'unlisted', 'members', 'public')),
  add column for_members boolean not null default false,
  -- The memberships that it is for, products of the shop. Empty: whichever.
  add column member_plans uuid[] not null default '{}',
  -- Everybody sees that it exists.
  add column members_listed boolean not null default true,
  -- What everybody reads of it, in the artist's words.
  add column teaser text not null default '',
  -- When it was first given to members.
  add column members_at timestamptz,
  add constraint members_is_for_members check (visibility <> 'members' or for_members);
create index releases_for_members on releases (artist_id) where for_members;
