import type { Generated } from 'kysely'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { LineProblem } from './bandcamp.rules.ts'

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    purchaseImports: {
      id: string
      artistId: string
      fileName: string
      state: 'read' | 'brought' | 'undone'
      language: Lang
      createdBy: string | null
      createdAt: Date
      broughtAt: Date | null
      undoneAt: Date | null
    }
    purchaseImportItems: {
      importId: string
      position: number
      kind: string
      title: string
      package: Generated<string>
      subject: string | null
    }
    purchaseImportLines: {
      importId: string
      line: number
      key: string | null
      item: number | null
      mail: Generated<string>
      mailKey: Generated<string>
      boughtAt: Date | null
      amount: number | null
      problem: LineProblem | null
      text: Generated<string>
    }
    purchaseMails: {
      artistId: string
      mailKey: string
      mail: string
      language: Lang
      askedAt: Date
      sentAt: Date | null
    }
  }
}
