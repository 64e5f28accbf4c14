import type { Platform } from '../../platform/platform.ts'

type Deps = Pick<Platform, 'signer'>

/** By which somebody answers to a split; `POST` there says yes or no. */
export const splitPath = ({ signer }: Deps, splitId: string, payeeId: string): string =>
  `/books/split/${splitId}/${payeeId}/${signer.sign('books.split', `${splitId} ${payeeId}`)}`

export const isSplitLink = ({ signer }: Deps, splitId: string, payeeId: string, signature: string): boolean =>
  signer.verify('books.split', `${splitId} ${payeeId}`, signature)

/** The page of a statement, for whom it is. */
export const statementPath = ({ signer }: Deps, statementId: string): string =>
  `/books/statement/${statementId}/${signer.sign('books.statement', statementId)}`

export const isStatementLink = ({ signer }: Deps, statementId: string, signature: string): boolean =>
  signer.verify('books.statement', statementId, signature)
