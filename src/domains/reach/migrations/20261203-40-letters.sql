-- A letter: words that one fan after the other gets, each when their own time has come (docs/decisions/0094). Whose time that is, another domain knows.
create table letters (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  -- What it gives: 'release:<id>', …; null: words alone.
  subject text,
  -- How the gift that it brings is called on the spine.
  gift text not null,
  channels text[] not null,
  created_at timestamptz not null,
  -- From then on nothing of it leaves.
  stopped_at timestamptz
);
create index on letters (gift);
create index on letters (artist_id);

create table letter_texts (
  letter_id uuid not null references letters on delete cascade,
  language text not null,
  title text not null default '',
  -- Markdown.
  body text not null default '',
  primary key (letter_id, language)
);

alter table deliveries add column letter_id uuid references letters on delete cascade;
create index deliveries_of_letter on deliveries (letter_id, state) where letter_id is not null;
create index deliveries_of_letters_to on deliveries (fan_id) where letter_id is not null;
