-- A mission: what a street team is asked to do, what they did, and what they were given in thanks (docs/decisions/0093).
alter table operations drop constraint operations_kind_check;
alter table operations add constraint operations_kind_check check (kind in ('contest', 'series', 'mission'));
alter table operation_people drop constraint operation_people_how_check;
alter table operation_people add constraint operation_people_how_check check (how in ('entry', 'vote', 'mission'));

-- What is given to whoever did all of it: words, something to download, a code. What one task gives stands with the task.
create table missions (
  operation_id uuid primary key references operations on delete cascade,
  thanks_words text not null default '',
  thanks_subject text,
  thanks_batch uuid references code_batches on delete set null
);

create table mission_tasks (
  id uuid primary key,
  operation_id uuid not null references missions on delete cascade,
  place integer not null,
  kind text not null check (kind in ('bring', 'poster', 'write', 'translate')),
  -- Markdown.
  words text not null default '',
  -- How many people, posters, articles or texts of one person make it done.
  times smallint not null default 1 check (times between 1 and 50),
  -- What is passed on, or whose words are translated.
  subject text,
  -- Into which language: ISO 639.
  language text check (language ~ '^[a-z]{2,3}$'),
  thanks_words text not null default '',
  thanks_subject text,
  thanks_batch uuid references code_batches on delete set null,
  unique (id, operation_id)
);
create index on mission_tasks (operation_id, place);

-- What somebody did, or, of people to bring, that they take part: with how many came by them.
create table mission_contributions (
  id uuid primary key,
  operation_id uuid not null,
  task_id uuid not null,
  -- Null until an address is confirmed; and of who was erased, whose people still came.
  fan_id uuid references fans on delete cascade,
  mail text,
  -- Under which it is shown; nobody's when it is empty.
  name text not null default '',
  text text not null default '',
  link text not null default '' check (link = '' or link like 'https://%'),
  town text not null default '',
  image_id uuid references images,
  alt text not null default '',
  language text not null default 'en',
  -- The sentence beside the box that was ticked.
  accepted text not null default '',
  people integer not null default 0 check (people >= 0),
  at timestamptz not null,
  confirmed_at timestamptz,
  state text not null default 'waiting' check (state in ('waiting', 'shown', 'blocked', 'withdrawn')),
  reason text not null default '',
  decided_by uuid references accounts on delete set null,
  decided_at timestamptz,
  foreign key (task_id, operation_id) references mission_tasks (id, operation_id) on delete cascade,
  check (state <> 'blocked' or length(trim(reason)) >= 3),
  check (state <> 'shown' or confirmed_at is not null)
);
create index on mission_contributions (operation_id, at);
create index on mission_contributions (task_id);
create index on mission_contributions (fan_id);
create index on mission_contributions (image_id) where image_id is not null;

-- That somebody did a task, or all of them (no task), and what they were given for it: once, whatever is pressed twice.
create table mission_thanks (
  id uuid primary key,
  operation_id uuid not null references missions on delete cascade,
  task_id uuid references mission_tasks on delete cascade,
  -- Null when their fan was erased, or turned out to be one who has been thanked: it was given all the same.
  fan_id uuid references fans on delete set null,
  due_at timestamptz not null,
  -- Null while a code is owed and the batch has none left.
  given_at timestamptz,
  code text
);
create unique index mission_thanks_once on mission_thanks (operation_id, coalesce(task_id, operation_id), fan_id);
create unique index mission_thanks_code on mission_thanks (code) where code is not null;
create index on mission_thanks (fan_id);
create index on mission_thanks (operation_id) where given_at is null;
