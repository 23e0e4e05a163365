/* Descriptors of the registry's records. */
#include "common/records/registry_records.h"

MNS_RECORD_DEFINE (person_row, 1, MNS_PERSON_ROW_FIELDS, "A person present at the start", "初始人员")
MNS_RECORD_DEFINE (life_return, 1, MNS_LIFE_RETURN_FIELDS, "An event as a village or township returns it",
                   "村居上报事项")
MNS_RECORD_DEFINE (baseline, 1, MNS_LIFE_EVENT_FIELDS, "A person was there at the start: in no flow", "初始在册")
MNS_RECORD_DEFINE (birth, 1, MNS_BIRTH_FIELDS, "A live birth was registered", "出生登记")
MNS_RECORD_DEFINE (death, 1, MNS_DEATH_FIELDS, "A death was registered", "死亡登记")
MNS_RECORD_DEFINE (move_in, 1, MNS_MOVE_FIELDS, "A person moved into the county", "迁入登记")
MNS_RECORD_DEFINE (move_out, 1, MNS_MOVE_FIELDS, "A person moved out of the county", "迁出登记")
MNS_RECORD_DEFINE (move_within, 1, MNS_MOVE_WITHIN_FIELDS, "A person moved within the county", "县内迁移登记")
MNS_RECORD_DEFINE (adjustment, 1, MNS_ADJUSTMENT_FIELDS, "The stock was adjusted", "存量调整")
MNS_RECORD_DEFINE (marriage, 1, MNS_COUPLE_FIELDS, "A marriage was registered", "结婚登记")
MNS_RECORD_DEFINE (divorce, 1, MNS_COUPLE_FIELDS, "A divorce was registered", "离婚登记")
MNS_RECORD_DEFINE (adoption, 1, MNS_ADOPTION_FIELDS, "An adoption was registered", "收养登记")
MNS_RECORD_DEFINE (adoption_end, 1, MNS_ADOPTION_FIELDS, "An adoption ended", "解除收养登记")
MNS_RECORD_DEFINE (membership, 1, MNS_MEMBERSHIP_FIELDS, "A person is in a household from that day on", "户内成员变更")
MNS_RECORD_DEFINE (correction, 1, MNS_CORRECTION_FIELDS, "A fact was corrected", "更正")
MNS_RECORD_DEFINE (restatement, 1, MNS_RESTATEMENT_FIELDS, "An earlier event counts differently now", "重述")
MNS_RECORD_DEFINE (place_info, 1, MNS_PLACE_FIELDS, "A place", "区划")
MNS_RECORD_DEFINE (reform, 1, MNS_REFORM_FIELDS, "The land of a code lies in another", "区划变更")
