-- What a subscriber asked to be told of each time: a series. It hangs on the subscription, so nobody is told of anything who left (docs/decisions/0092).
create table followings (
  subscription_id uuid not null references subscriptions on delete cascade,
  -- 'operation:<id>'.
  subject text not null,
  at timestamptz not null,
  primary key (subscription_id, subject)
);
create index on followings (subject);
