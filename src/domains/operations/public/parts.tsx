import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Field, FileField } from '../../../ui/forms.tsx'
import type { PlayerTrack } from '../../../ui/player.types.ts'
import { Sleeve } from '../../../ui/sleeve.tsx'
import { zoneName } from '../../identity/index.ts'
import { pictureOf, proseHtml } from '../../music/index.ts'
import type { Phase } from '../contests/contest.rules.ts'
import type { Contest, Entry } from '../contests/contest.views.ts'
import type { KeptPicture } from '../kept-pictures.ts'
import { publicWords } from '../words.ts'
import { EntryFileView } from './entry-file.tsx'

/** What can be done with it now and until when, in a sentence. */
export function phaseSentence(contest: Contest, phase: Phase, lang: Lang): string {
  const t = publicWords(lang)
  const { dateTime } = formats(lang)
  const zone = zoneName(contest.timeZone)
  const until = (at: Date | null) => ({ at: at ? dateTime(at, contest.timeZone) : '', zone })
  switch (phase) {
    case 'entries':
      return t('phase_entries', until(contest.entriesUntil))
    case 'votes':
      return t('phase_votes', until(contest.endsAt))
    case 'over':
      return t('phase_over')
    case 'closed':
      return t('phase_closed', until(contest.closedAt))
    case 'draft':
      return t('phase_draft')
  }
}

/** The address by which somebody says that it was them; where this browser has proved it already, a sentence says so instead. */
export const OwnAddress = ({
  lang,
  known,
  hint,
  value,
  error,
}: {
  lang: Lang
  known: string | null
  hint: string
  value: string
  error?: string | undefined
}) =>
  known ? (
    <p class="aside">{known}</p>
  ) : (
    <Field
      name="mail"
      type="email"
      label={publicWords(lang)('mail')}
      hint={hint}
      value={value}
      error={error}
      autocomplete="email"
      maxlength={254}
      required
    />
  )

export const Prose = ({ text, lang }: { text: string; lang: Lang }) => (
  <div class="prose" lang={lang} dangerouslySetInnerHTML={{ __html: proseHtml(text) }} />
)

type EntryProps = {
  entry: Entry
  lang: Lang
  /** Without whose it is, for a jury. */
  blind?: boolean
  first?: boolean
  wide?: boolean
  /** The sounds that the page's player knows. */
  tracks?: PlayerTrack[]
  /** What opens its file before it is shown. */
  fileKey?: string | null
}

/** What somebody sent in: the picture, the sound, the film or the words, the title, whose it is. */
export const EntryView = ({ entry, lang, blind, first, wide, tracks, fileKey }: EntryProps) => (
  <>
    {entry.cover && (
      <Sleeve
        picture={pictureOf(entry.cover, entry.alt)}
        sizes={wide ? '(min-width: 48rem) 32rem, 92vw' : '(min-width: 48rem) 16rem, 44vw'}
        first={first}
      />
    )}
    <EntryFileView {...{ entry, lang, blind, tracks, fileKey }} />
    {entry.title && (
      <p class="entry-title" lang={entry.language}>
        {entry.title}
      </p>
    )}
    {entry.text && <Prose text={entry.text} lang={entry.language} />}
    {!blind && <p class="facts">{publicWords(lang)('by_name', { name: entry.name })}</p>}
  </>
)

/** Read by programs that fill in everything. */
export const Trap = ({ lang }: { lang: Lang }) => (
  <p class="trap" aria-hidden="true">
    <label>
      {publicWords(lang)('trap')} <input type="text" name="fx" tabindex={-1} autocomplete="off" value="" />
    </label>
  </p>
)

type PictureFieldProps = {
  /** One that came with a form which had an error elsewhere: it need not be sent again. */
  kept: Pick<KeptPicture, 'token' | 'src'> | null
  words: { kept: string; label: string; hint: string }
  error: string | undefined
}

/** Where a picture is chosen, beside the one that is kept. */
export const PictureField = ({ kept, words, error }: PictureFieldProps) => (
  <>
    {kept && (
      <>
        <p class="aside">{words.kept}</p>
        <img src={kept.src} alt="" class="kept-picture" />
        <input type="hidden" name="kept" value={kept.token} />
      </>
    )}
    <FileField
      name="picture"
      label={words.label}
      hint={words.hint}
      error={error}
      accept="image/jpeg,image/png,image/webp,image/avif,image/tiff"
      required={!kept}
    />
  </>
)
