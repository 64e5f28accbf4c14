import { type Context, Hono } from 'hono'
import { dayIn } from '../../platform/days.ts'
import { open } from '../../platform/http/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { Button, Form } from '../../ui/forms.tsx'
import { readForm, smallBody, type WebEnv } from '../identity/index.ts'
import { answerSplit } from './answer-split.ts'
import type { BooksFrame } from './frame.ts'
import { isSplitLink, isStatementLink } from './links.ts'
import type { Owner } from './owner.types.ts'
import { payeeById } from './payee.views.ts'
import { type Seller, sellerById } from './seller.views.ts'
import { splitById, splitsOf } from './split.views.ts'
import { statementById } from './statement.views.ts'
import { giveStatement } from './statement-file.ts'
import { StatementView } from './statement-view.tsx'
import { partsInWords } from './studio/splits-pages.tsx'
import { words } from './words.ts'

const STATEMENT = '/books/statement/:id/:signature'
const PATH = '/books/split/:split/:payee/:signature'

/** What people who share are sent to: no account, a signed link. */
export function publicRoutes(platform: Platform, frame: BooksFrame): Hono<WebEnv> {
  const { db, now } = platform

  async function asked(c: Context<WebEnv>) {
    const [splitId = '', payeeId = '', signature = ''] = ['split', 'payee', 'signature'].map((name) =>
      c.req.param(name),
    )
    if (!isSplitLink(platform, splitId, payeeId, signature)) return null
    const [split, payee] = [await splitById(db, splitId), await payeeById(db, payeeId)]
    const seller = split && (await sellerById(db, split.sellerId))
    const question = split?.answers.find((one) => one.payeeId === payeeId)
    return split && payee && seller && question ? { split, payee, seller, question } : null
  }

  async function statementIn(c: Context<WebEnv>) {
    const [id = '', signature = ''] = [c.req.param('id'), c.req.param('signature')]
    return isStatementLink(platform, id, signature) ? ((await statementById(db, id)) ?? null) : null
  }

  return new Hono<WebEnv>()
    .get(STATEMENT, open, async (c) => {
      const statement = await statementIn(c)
      const seller = statement && (await sellerById(db, statement.sellerId))
      if (!seller) return c.notFound()
      const { lang } = c.var.page
      const { content } = statement
      c.header('Cache-Control', 'no-store')
      return c.html(
        frame({
          c,
          title: words(lang)('st_title', { number: content.number }),
          of: ownerOf(seller),
          children: (
            <>
              <StatementView content={content} lang={lang} />
              <p class="actions">
                <a href={`${c.req.path}/statement.csv`}>CSV</a>
                <a href={`${c.req.path}/statement.pdf`}>PDF</a>
              </p>
            </>
          ),
        }),
      )
    })
    .get(`${STATEMENT}/:file{statement\\.(?:csv|pdf)}`, open, async (c) =>
      giveStatement(c, await statementIn(c), c.req.param('file')?.endsWith('csv') ? 'csv' : 'pdf'),
    )
    .get(PATH, open, async (c) => {
      const at = await asked(c)
      if (!at) return c.notFound()
      const { split, payee, seller, question } = at
      const { page } = c.var
      const t = words(page.lang)
      const { date } = formats(page.lang)
      const before = (await splitsOf(db, seller.id, split.subject)).findLast(
        ({ id, state }) => state === 'agreed' && id !== split.id,
      )
      c.header('Cache-Control', 'no-store')
      return c.html(
        frame({
          c,
          title: split.title,
          of: ownerOf(seller),
          children: (
            <div style="display:grid;gap:1rem">
              <p>{t('answer_lead', { name: payee.name, seller: seller.legalName })}</p>
              {before && (
                <p>
                  {t('answer_before')} {partsInWords(c, before)}
                </p>
              )}
              <p>
                <strong>
                  {t('answer_after', { from: date(new Date(split.beginsOn ?? split.askedFrom)) })}{' '}
                  {partsInWords(c, split)}
                </strong>
              </p>
              <p>{t(split.recoupsCosts ? 'answer_costs_first' : 'answer_costs_kept')}</p>
              {split.note && <blockquote>{split.note}</blockquote>}
              {question.answer ? (
                <p role="status">{t(`answer_${question.answer}`)}</p>
              ) : split.state !== 'asked' ? (
                <p role="status">{t('answer_over')}</p>
              ) : (
                <>
                  <p>{t('answer_until')}</p>
                  <Form page={page} action={`${c.req.path}?lang=${page.lang}`}>
                    <p class="actions">
                      <Button name="answer" value="agreed">
                        {t('answer_agree')}
                      </Button>
                      <Button kind="plain" name="answer" value="refused">
                        {t('answer_refuse')}
                      </Button>
                    </p>
                  </Form>
                </>
              )}
            </div>
          ),
        }),
      )
    })
    .post(PATH, open, smallBody, async (c) => {
      const at = await asked(c)
      if (!at) return c.notFound()
      const answer = (await readForm(c)).text('answer')
      if (answer === 'agreed' || answer === 'refused')
        await answerSplit(platform, {
          ...{ splitId: at.split.id, payeeId: at.payee.id, answer, by: 'link' },
          today: dayIn(now(), at.seller.timeZone),
        })
      return c.redirect(`${c.req.path}?lang=${c.var.page.lang}`, 303)
    })
}

const ownerOf = ({ artistId, labelId }: Seller): Owner | null =>
  artistId ? { artistId } : labelId ? { labelId } : null
