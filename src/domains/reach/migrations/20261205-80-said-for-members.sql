-- Whether the press of "send" said of a thing that it is for members, and that they alone are told.
alter table announcement_things add column for_members boolean not null default false;
