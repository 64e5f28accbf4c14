import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { currencyName } from '../../../../platform/money.ts'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  type FieldErrors,
  Form,
  Radios,
  TextArea,
} from '../../../../ui/forms.tsx'
import type { WebEnv } from '../../../identity/index.ts'
import { seriesPath } from '../../paths.rules.ts'
import { seriesWords, words } from '../../words.ts'
import type { Series } from '../series.views.ts'
import type { EachTyped, MayEach } from './each.form.ts'
import { SeriesFrame } from './series-page.tsx'

type Props = {
  c: Context<WebEnv>
  series: Series
  followers: number
  may: MayEach
  typed: EachTyped
  errors?: FieldErrors | undefined
  notice?: Child
}

/** What goes with each: whether people are told by themselves, and what it costs. */
export const EachPage = ({ c, series, followers, may, typed, errors, notice }: Props) => {
  const page = c.get('page')
  const t = seriesWords(page.lang)
  const other = series.language === 'fr' ? 'en' : 'fr'
  return (
    <SeriesFrame c={c} series={series} section="each" notice={notice}>
      {series.state === 'closed' ? (
        <p>{t('each_closed')}</p>
      ) : (
        <>
          <p class="lead">{t('each_lead')}</p>
          <Form page={page} action={seriesPath(series.id, 'each')} novalidate>
            <ErrorSummary errors={errors} lang={page.lang} />
            {may.announce ? (
              <>
                <Radios
                  name="notice"
                  label={t('field_notice')}
                  hint={t('notice_hint')}
                  value={typed.notice}
                  error={errors?.['notice']}
                  options={[
                    { value: 'none', label: t('notice_none') },
                    { value: 'followers', label: t('notice_followers', { n: followers }), hint: t('followers_hint') },
                    { value: 'fans', label: t('notice_fans') },
                  ]}
                />
                <TextArea
                  name="noticeWords"
                  label={t('field_notice_words')}
                  hint={t('notice_words_hint', { name: '{name}' })}
                  value={typed.noticeWords}
                  rows={5}
                  maxlength={2000}
                />
                <TextArea
                  name="noticeWordsOther"
                  label={t(`field_notice_words_${other}`)}
                  hint={t(`notice_words_${other}_hint`)}
                  value={typed.noticeWordsOther}
                  rows={5}
                  maxlength={2000}
                  lang={other}
                />
                {may.text || typed.noticeTexts ? (
                  <Checkbox
                    name="noticeTexts"
                    label={t('field_notice_texts')}
                    hint={t(may.text ? 'notice_texts_hint' : 'notice_texts_none')}
                    checked={typed.noticeTexts}
                  />
                ) : (
                  <p class="quiet">{t('notice_texts_none')}</p>
                )}
              </>
            ) : (
              <p class="quiet">{t('may_not_announce')}</p>
            )}
            {!may.sell && <p class="quiet">{t('may_not_sell')}</p>}
            {may.sell && !may.currency && (
              <p class="quiet">
                {t('no_seller')} <a href="/studio/books/seller">{t('name_seller')}</a>
              </p>
            )}
            {may.sell && may.currency && (
              <Field
                name="price"
                label={t('field_price', { currency: currencyName(may.currency, page.lang) })}
                hint={t('price_hint')}
                value={typed.price}
                error={errors?.['price']}
                inputmode="decimal"
                autocomplete="off"
                maxlength={20}
              />
            )}
            {(may.announce || (may.sell && may.currency)) && (
              <p class="actions">
                <Button>{words(page.lang)('save')}</Button>
              </p>
            )}
          </Form>
        </>
      )}
    </SeriesFrame>
  )
}
