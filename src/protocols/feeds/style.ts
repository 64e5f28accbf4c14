import type { Lang } from '../../platform/i18n/index.ts'
import { words } from './words.ts'

/**
 * How a browser shows a feed to a person who opened it: a sentence that explains it, then what is in it. By CSS, since browsers are
 * giving up XSLT; the elements are those of RSS and Atom.
 */
export const feedCss = (lang: Lang): string => `:root {
  color-scheme: light dark;
  display: flex;
  flex-direction: column;
  max-width: 40rem;
  margin: 0 auto;
  padding: 1.5rem 1.25rem 4rem;
  font: 1.0625rem/1.5 Charter, "Bitstream Charter", "Iowan Old Style", Georgia, serif;
  background: light-dark(#fbfaf7, #16171a);
  color: light-dark(#1b1c1f, #ececea);
}
:root::before {
  content: ${JSON.stringify(words(lang)('explanation'))};
  display: block;
  order: -3;
  margin-bottom: 2rem;
  padding: 0.75rem 1rem;
  border: 1px solid light-dark(#c9c6bd, #4a4c52);
  border-radius: 0.25rem;
  font-family: system-ui, sans-serif;
  font-size: 0.9375rem;
}
channel, item, entry { display: flex; flex-direction: column; }
channel > *, feed > *, item > *, entry > * { display: none; }
channel > title, feed > title, channel > description, feed > subtitle, channel > item, feed > entry,
item > title, item > pubDate, item > description, entry > title, entry > published, entry > summary { display: block; }
channel > title, feed > title, item > title, entry > title { order: -2; }
channel > description, feed > subtitle, item > pubDate, entry > published { order: -1; }
channel > title, feed > title { font: 700 2rem/1.1 system-ui, sans-serif; letter-spacing: -0.02em; }
channel > description, feed > subtitle { margin: 0.5rem 0 2.5rem; }
item, entry { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid light-dark(#dcd9d0, #35373c); }
item > title, entry > title { font: 650 1.1875rem/1.25 system-ui, sans-serif; }
item > pubDate, entry > published { margin: 0.125rem 0 0.375rem; font: 0.875rem/1.4 system-ui, sans-serif; color: light-dark(#5b5c60, #a7a8ab); }
`
