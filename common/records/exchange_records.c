/* Descriptors of what counties say to one another. */
#include "common/records/exchange_records.h"

MNS_RECORD_DEFINE (letter, 1, MNS_LETTER_FIELDS, "What one county tells another: its whole file of a matter",
                   "县际函件")
MNS_RECORD_DEFINE (matter_info, 1, MNS_MATTER_INFO_FIELDS, "A matter between two counties, as one of them has it",
                   "往来事项")
MNS_RECORD_DEFINE (matter_request, 1, MNS_MATTER_REQUEST_FIELDS, "A matter is to be opened", "发起往来事项")
MNS_RECORD_DEFINE (matter_action, 1, MNS_MATTER_ACTION_FIELDS, "Something is done with a matter", "办理往来事项")
MNS_RECORD_DEFINE (matter_query, 1, MNS_MATTER_QUERY_FIELDS, "Which matters", "往来事项查询")
MNS_RECORD_DEFINE (letter_query, 1, MNS_LETTER_QUERY_FIELDS, "Letters of which matter", "函件查询")
MNS_RECORD_DEFINE (letter_info, 1, MNS_LETTER_INFO_FIELDS, "A letter that was sent or has come", "函件")
MNS_RECORD_DEFINE (delivery, 1, MNS_DELIVERY_FIELDS, "A letter as the courier brings it", "送达函件")
MNS_RECORD_DEFINE (partner_report, 1, MNS_PARTNER_REPORT_FIELDS, "How the line to a partner is", "联络情况")
MNS_RECORD_DEFINE (partner_info, 1, MNS_PARTNER_INFO_FIELDS,
                   "A partner county: its line, what is open, what was in time", "往来县")
MNS_RECORD_DEFINE (matter_change, 1, MNS_MATTER_CHANGE_FIELDS, "A matter between counties has changed", "往来事项变动")
