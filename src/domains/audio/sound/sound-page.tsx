import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, Form } from '../../../ui/forms.tsx'
import { clockAt, StudioPage, type WebEnv } from '../../identity/index.ts'
import { gainOf, type Sound } from '../streams.views.ts'
import { whyFailed, words } from './words.ts'

export type SoundPageProps = {
  c: Context<WebEnv>
  track: { id: string; title: string; releaseId: string; artistId: string }
  sound: (Sound & { preparedAt: Date | null }) | null
}

/** What is known of a track's sound: its state, why it failed, and its facts. While it is being prepared the page asks again by itself. */
export const SoundPage = ({ c, track, sound }: SoundPageProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  const title = t('title', { track: track.title })
  const unsettled = sound?.state === 'waiting' || sound?.state === 'preparing'
  return (
    <StudioPage
      c={c}
      title={title}
      current="music"
      artistId={track.artistId}
      notice={c.req.query('done') === 'retried' ? t('retried') : undefined}
      head={unsettled && <meta http-equiv="refresh" content="3" />}
    >
      <p class="quiet">
        <a href={`/studio/music/${track.releaseId}/tracks/${track.id}`}>{t('back')}</a>
      </p>
      <h1>{title}</h1>
      <State {...{ c, track, sound }} />
      {sound && <Facts {...{ c, track, sound }} />}
      <p class="actions">
        <Button kind="plain" href={`/studio/music/tracks/${track.id}/master`}>
          {t('replace')}
        </Button>
      </p>
    </StudioPage>
  )
}

const State = ({ c, track, sound }: SoundPageProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (!sound) return <p class="lead">{t('state_none')}</p>
  const percent = Math.floor(sound.progress * 100)
  const date = clockAt(c, track.artistId)(sound.preparedAt ?? new Date())
  return (
    <section>
      <p class="lead">{t(`state_${sound.state}`, { percent, date })}</p>
      {sound.state === 'preparing' && (
        <progress max={100} value={percent} aria-label={t('state_preparing', { percent })} />
      )}
      {sound.state === 'failed' && (
        <>
          {sound.problem && <p>{whyFailed(sound.problem.code, page.lang)}</p>}
          <Form page={page} action={`/studio/music/tracks/${track.id}/sound/retry`}>
            <Button>{t('retry')}</Button>
          </Form>
        </>
      )}
    </section>
  )
}

const Facts = ({ c, sound }: SoundPageProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  const { number, bytes, duration } = formats(lang)
  if (!sound) return null
  const { facts, loudness } = sound
  const rows: [string, Child][] = [
    [t('file'), sound.fileName],
    [t('kind'), t('kind_words', { codec: facts.codec.toUpperCase(), container: facts.container.toUpperCase() })],
    [t('sampled'), `${number(facts.sampleRate / 1000)}\u00a0kHz`],
    ...(facts.bitDepth
      ? [
          [t('depth'), facts.float ? t('depth_float', { bits: facts.bitDepth }) : String(facts.bitDepth)] as [
            string,
            Child,
          ],
        ]
      : []),
    [t('channels'), facts.channelLayout || number(facts.channels)],
    [t('length'), duration(sound.durationMs)],
    [t('size'), bytes(sound.size)],
  ]
  if (loudness && loudness.integratedLufs > -70) {
    const decibels = (value: number) => number(value, 1)
    rows.push([
      t('loudness'),
      t('loudness_words', { lufs: decibels(loudness.integratedLufs), peak: decibels(loudness.truePeakDb) }),
    ])
    rows.push([t('levelled'), t('levelled_words', { gain: decibels(gainOf(loudness)) })])
  }
  return (
    <section>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
