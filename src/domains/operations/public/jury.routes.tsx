import { type Context, Hono } from 'hono'
import { forOneReader, open } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Button, Form, Select } from '../../../ui/forms.tsx'
import type { FansFrame } from '../../fans/index.ts'
import { readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { phaseOf, shuffled } from '../contests/contest.rules.ts'
import { contestById, jurorById, shownEntries } from '../contests/contest.views.ts'
import { scoreEntries } from '../contests/jury.ts'
import { publicWords } from '../words.ts'
import { Sounds, soundsOf } from './entry-file.tsx'
import { EntryView } from './parts.tsx'

/** Where somebody invited scores what came in, without seeing whose it is, what others gave or how the vote stands. */
export function juryPages(platform: Platform, frame: FansFrame): Hono<WebEnv> {
  const { db, now, signer } = platform
  const path = '/contests/jury/:id/:signature'

  async function jurorOf(c: Context<WebEnv>) {
    const { id = '', signature = '' } = c.req.param() as { id?: string; signature?: string }
    const juror = isId(id) && signer.verify('contest-jury', id, signature) ? await jurorById(db, id) : null
    const contest = juror && (await contestById(db, juror.operationId))
    return juror && contest ? { juror, contest } : null
  }

  return new Hono<WebEnv>()
    .get(path, open, async (c) => {
      const found = await jurorOf(c)
      if (!found) return c.notFound()
      const { juror, contest } = found
      const { page } = c.var
      const t = publicWords(page.lang)
      forOneReader(c)
      const phase = phaseOf(contest, now())
      const isOpen = phase === 'votes' || phase === 'over'
      const entries = shuffled(await shownEntries(db, contest.id), juror.id)
      const tracks = soundsOf(contest, entries, { lang: page.lang, blind: true })
      const scored = entries.filter(({ id }) => juror.scores.has(id)).length
      const options = [
        { value: '', label: t('jury_none') },
        ...Array.from({ length: 11 }, (_, n) => ({ value: String(n), label: String(n) })),
      ]
      const children = (
        <div class="contest" data-queue-scope="">
          {isOpen && <Sounds tracks={tracks} />}
          <p class="facts">
            {contest.artistName} · {contest.title}
          </p>
          {c.req.query('done') === 'saved' && (
            <p class="notice" role="status">
              {t('jury_saved')}
            </p>
          )}
          <p>{t('jury_lead', { name: juror.name })}</p>
          {!isOpen && <p>{t(phase === 'closed' ? 'jury_closed' : 'jury_early')}</p>}
          {isOpen && (
            <>
              <p>{t('jury_progress', { n: scored, of: entries.length })}</p>
              <Form page={page} action={page.path}>
                <ul class="entries">
                  {entries.map((entry, n) => (
                    <li>
                      <EntryView entry={entry} lang={page.lang} blind first={n === 0} tracks={tracks} />
                      <Select
                        name={`score-${entry.id}`}
                        label={t('jury_score', { n: n + 1 })}
                        value={juror.scores.get(entry.id)?.toString() ?? ''}
                        options={options}
                      />
                    </li>
                  ))}
                </ul>
                <Button>{t('jury_send')}</Button>
              </Form>
            </>
          )}
        </div>
      )
      return c.html(await frame({ c, title: t('jury_title'), of: { artistId: contest.artistId }, children }))
    })
    .post(path, open, smallBody, async (c) => {
      const found = await jurorOf(c)
      if (!found) return c.notFound()
      const form = await readForm(c)
      const entries = await shownEntries(db, found.contest.id)
      const scores = new Map(
        entries.flatMap(({ id }): [string, number | null][] => {
          const given = form.text(`score-${id}`)
          if (!form.has(`score-${id}`)) return []
          return given === '' ? [[id, null]] : /^(?:\d|10)$/.test(given) ? [[id, Number(given)]] : []
        }),
      )
      const done = await scoreEntries(platform, { jurorId: found.juror.id, scores })
      const url = new URL(c.var.page.url)
      url.searchParams.set('done', done.ok ? 'saved' : 'over')
      return c.redirect(url.pathname + url.search, 303)
    })
}
