-- Pictures that people gave us: the original under images/<hash>/original, its renditions beside it, made once.
create table images (
  id uuid primary key,
  sha256 text not null unique,
  width integer not null,
  height integer not null,
  -- The widths of the renditions on disk; each exists as AVIF, WebP and JPEG.
  widths integer[] not null,
  -- Colours read from the picture (ui/colour), null until read.
  palette jsonb,
  created_at timestamptz not null default now()
);
