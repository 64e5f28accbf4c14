-- Who does what, and until when, for a label or an artist.
create table tasks (
  id uuid primary key,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  title text not null check (title <> ''),
  -- Of a label's: which of its artists it is about.
  about_artist_id uuid references artists on delete set null,
  release_id uuid references releases on delete set null,
  assigned_to uuid references accounts on delete set null,
  due_on text check (due_on ~ '^\d{4}-\d{2}-\d{2}$'),
  -- Made from a plan: which step of it, and the day that the plan gave it. Planned anew, only what nobody moved by hand goes along.
  plan_step text,
  planned_on text,
  created_at timestamptz not null,
  created_by uuid references accounts on delete set null,
  done_at timestamptz,
  done_by uuid references accounts on delete set null,
  removed_at timestamptz,
  version int not null default 1,
  check (num_nonnulls(artist_id, label_id) = 1)
);
create unique index tasks_of_a_plan on tasks (coalesce(artist_id, label_id), release_id, plan_step) where plan_step is not null and release_id is not null;
create index tasks_open on tasks (coalesce(artist_id, label_id), due_on) where done_at is null and removed_at is null;
create index on tasks (artist_id);
create index on tasks (label_id);
create index on tasks (about_artist_id);
create index on tasks (release_id);
create index on tasks (assigned_to);
