import type { Db, Tx } from '../../platform/database/index.ts'
import { insertPost, type NewPost } from './post.store.ts'

/** Makes a draft, in the transaction given or in one of its own. */
export const createPost = (db: Db | Tx, post: NewPost): Promise<{ id: string; slug: string }> =>
  db.isTransaction ? insertPost(db as Tx, post) : db.transaction().execute((tx) => insertPost(tx, post))
