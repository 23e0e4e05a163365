/* What one thread sends through a socket, another may read: ThreadSanitizer cannot see it inside libzmq, so both sides
 * say so. Nothing in other builds. */
#ifndef MNS_COMMON_HANDOVER_H
#define MNS_COMMON_HANDOVER_H

#if defined(__SANITIZE_THREAD__)
#define MNS_HANDOVER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MNS_HANDOVER 1
#endif
#endif

#ifdef MNS_HANDOVER
void mns_handover_give (void); /* before a send */
void mns_handover_take (void); /* after a receive */
#else
#define mns_handover_give() ((void)0)
#define mns_handover_take() ((void)0)
#endif

#endif
