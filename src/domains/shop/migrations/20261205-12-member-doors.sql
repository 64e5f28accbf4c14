-- What lets a member in: a browser by a cookie, and their own feed. Another key closes what was opened by the one before.
create table member_doors (
  membership_id uuid primary key references members on delete cascade,
  browser_key text not null,
  feed_key text not null unique
);
