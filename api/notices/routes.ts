/** Every operation on messages. */
import { explainNotice, explainNoticeRoute } from './explain-notice.ts';
import { listLoopNotices, listNoticesRoute } from './list-notices.ts';

export const noticeOperations = {
  explain: { route: explainNoticeRoute, run: explainNotice },
  list: { route: listNoticesRoute, run: listLoopNotices },
} as const;
