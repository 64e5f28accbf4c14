-- Whoever chose text messages is told of each by them, if the artist says so; and in their own language, with the artist's words in it if there are any.
alter table series
  add column notice_texts boolean not null default false,
  add column notice_words_other text not null default '';
