/* Descriptors of what the registry is asked and what it answers. */
#include "common/records/registry_requests.h"

MNS_RECORD_DEFINE (record_outcome, 1, MNS_RECORD_OUTCOME_FIELDS, "What became of one event", "登记结果")
MNS_RECORD_DEFINE (correct_request, 1, MNS_CORRECT_REQUEST_FIELDS, "A fact is to be corrected", "更正请求")
MNS_RECORD_DEFINE (correct_outcome, 1, MNS_CORRECT_OUTCOME_FIELDS, "What became of a correction", "更正结果")
MNS_RECORD_DEFINE (place_query, 1, MNS_PLACE_QUERY_FIELDS, "Which places", "区划查询")
MNS_RECORD_DEFINE (place_step, 1, MNS_PLACE_STEP_FIELDS, "A change in the history of a place", "区划沿革")
MNS_RECORD_DEFINE (reform_row, 1, MNS_REFORM_ROW_FIELDS, "A row of a boundary reform", "区划调整")
MNS_RECORD_DEFINE (reform_outcome, 1, MNS_REFORM_OUTCOME_FIELDS, "What a boundary reform does to a place",
                   "区划调整结果")
MNS_RECORD_DEFINE (person_query, 1, MNS_PERSON_QUERY_FIELDS, "Which person", "人员查询")
MNS_RECORD_DEFINE (person_search, 1, MNS_PERSON_SEARCH_FIELDS, "Persons that look like this", "人员搜索")
MNS_RECORD_DEFINE (person_info, 1, MNS_PERSON_INFO_FIELDS, "A person as the register has it", "人员信息")
MNS_RECORD_DEFINE (household_query, 1, MNS_HOUSEHOLD_QUERY_FIELDS, "Which household", "户查询")
MNS_RECORD_DEFINE (residents_query, 1, MNS_RESIDENTS_QUERY_FIELDS, "Who was in a place at the end of a day",
                   "某日在册人员查询")
MNS_RECORD_DEFINE (event_query, 1, MNS_EVENT_QUERY_FIELDS, "Whose events", "事项查询")
MNS_RECORD_DEFINE (event_info, 1, MNS_EVENT_INFO_FIELDS, "An event or correction of a person", "事项信息")
MNS_RECORD_DEFINE (recount_request, 1, MNS_RECOUNT_REQUEST_FIELDS, "What to count again", "重新计数请求")
