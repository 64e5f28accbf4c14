-- Figures of one release that its artist agreed to show (docs/decisions/0107), as they were on the day on which they agreed.
create table press_release_proofs (
  release_id uuid not null references releases on delete cascade,
  kind text not null check (kind in ('towns', 'growth', 'response', 'retention')),
  facts jsonb not null,
  made_at timestamptz not null,
  primary key (release_id, kind)
);
