import type { Context } from 'hono'
import { Button, Form } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import type { Appearance } from '../appearances.ts'
import { words } from '../words.ts'

/** Releases of others that name the artist at the desk, and whether they stand on their page. */
export const Appearances = ({ c, list, mayAnswer }: { c: Context<WebEnv>; list: Appearance[]; mayAnswer: boolean }) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (list.length === 0) return null
  return (
    <section id="appearances">
      <h2>{t('appearances')}</h2>
      <p class="lead">{t('appearances_words')}</p>
      <ul class="lines plain">
        {list.map((one) => (
          <li>
            <span>
              <b>
                <a href={one.path}>{one.title}</a>
              </b>
              <small>
                {one.artistName} ·{' '}
                {t(one.shown ? 'appearance_shown' : one.answer === null ? 'appearance_waits' : 'appearance_hidden')}
              </small>
            </span>
            {mayAnswer && (
              <Form page={page} action={`/studio/music/${one.releaseId}/appearance`} class="actions" style="margin:0">
                {!one.shown && (
                  <Button
                    kind="quiet"
                    name="answer"
                    value="show"
                    aria-label={t('appearance_show_named', { title: one.title })}
                  >
                    {t('appearance_show')}
                  </Button>
                )}
                {(one.shown || one.answer === null) && (
                  <Button
                    kind="quiet"
                    name="answer"
                    value="hide"
                    aria-label={t('appearance_hide_named', { title: one.title })}
                  >
                    {t(one.shown ? 'appearance_take_off' : 'appearance_hide')}
                  </Button>
                )}
              </Form>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
