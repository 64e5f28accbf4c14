import type { Lang } from '../../../platform/i18n/index.ts'
import type { Dry } from '../codes.ts'
import { words } from '../words.ts'

/** What an artist is told of steps whose codes have run out. */
export const DryLines = ({ dry, lang }: { dry: Dry[]; lang: Lang }) => (
  <>
    {dry.map(({ batch, sequence }) => (
      <p class="lead" role="status">
        {words(lang)('dry', { batch, name: sequence })}
      </p>
    ))}
  </>
)
