export { type JobCounts, jobCounts } from './counts.ts'
export {
  addJob,
  type FailedJob,
  failedJobs,
  giveUpJob,
  type JobName,
  type JobOptions,
  type JobPayloads,
  jobRows,
  retryJob,
} from './jobs.ts'
export {
  type JobContext,
  type JobHandlers,
  type Lane,
  LIVING_WORKERS,
  type RunningWorker,
  type Schedule,
  startWorker,
} from './worker.ts'
