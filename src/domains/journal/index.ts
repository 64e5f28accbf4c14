export { addComment, confirmComment } from './add-comment.ts'
export { journalBelongings } from './belongings.ts'
export { type Block, blockLine, type Embed, embedUrl } from './blocks.rules.ts'
export { readCaptions } from './captions.rules.ts'
export { MOST_COMMENT, tidyComment } from './comment.rules.ts'
export { askedComment, authorAt, type Comment, commentHtml, shownComments } from './comments.views.ts'
export { createPost } from './create-post.ts'
export { datedPosts } from './dated.views.ts'
export { addPicture, setPostCover } from './edit-post.ts'
export { journalJobs, journalSchedules } from './jobs.ts'
export { keepFilm, type MadeFilm, makeFilm } from './make-film.ts'
export { answerComment, answerCommentIn, moderateComment } from './moderate-comment.ts'
export { journalPath, postPath } from './paths.rules.ts'
export { journalPersonalData } from './personal-data.ts'
export { type Cited, loadParts, type Parts, postHtml, postSummary, readingMinutes } from './post.parts.ts'
export {
  type JournalItem,
  journalItems,
  neighbours,
  nextPost,
  type Post,
  type PostMoved,
  placeInJournal,
  postById,
  postPage,
  postTeaser,
  publicPosts,
  type Teaser,
} from './post.views.ts'
export { memberQuery } from './post-media.routes.ts'
export { countPublicPostPages, publicPostPages, searchPosts } from './public-posts.views.ts'
export { givePostToMembers, movePost, publishPost, schedulePost, unlistPost, withdrawPost } from './publish-post.ts'
export { journalRoutes } from './routes.ts'
export { whosePost } from './studio/things.ts'
export { journalOffers, journalSubjects } from './subjects.views.ts'
export type { CommentState } from './tables.ts'
export { addVideo, setCaptions } from './videos.ts'
