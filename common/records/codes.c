/* The code tables of the contract. National codes: GB/T 2261.1 (sex), GB/T 2261.2 (marital status), GB 3304 (ethnic
 * groups), GB/T 4761 (relation to the head of household). Where the word is the national code itself, it is the number
 * that every office already uses. */
#include "common/records/codes.h"

/* clang-format off */
#define TABLE(symbol, name_) \
  const mns_code_table_t symbol = { .name = name_, .rows = symbol##_rows, .count = sizeof symbol##_rows / sizeof (mns_code_row_t) };

static const mns_code_row_t mns_sex_rows[] = {
  { "male", "1", "male", "男" },
  { "female", "2", "female", "女" },
  { "unknown", "0", "unknown", "未知" },
  { "unstated", "9", "not stated", "未说明" },
};
TABLE (mns_sex, "sex")

static const mns_code_row_t mns_marital_rows[] = {
  { "10", "10", "never married", "未婚" },
  { "20", "20", "married", "已婚" },
  { "21", "21", "first marriage", "初婚" },
  { "22", "22", "remarried", "再婚" },
  { "23", "23", "restored marriage", "复婚" },
  { "30", "30", "widowed", "丧偶" },
  { "40", "40", "divorced", "离婚" },
  { "90", "90", "not stated", "未说明的婚姻状况" },
};
TABLE (mns_marital, "marital")

static const mns_code_row_t mns_ethnic_rows[] = {
  { "01", "01", "Han", "汉族" },
  { "02", "02", "Mongol", "蒙古族" },
  { "03", "03", "Hui", "回族" },
  { "04", "04", "Zang", "藏族" },
  { "05", "05", "Uygur", "维吾尔族" },
  { "06", "06", "Miao", "苗族" },
  { "07", "07", "Yi", "彝族" },
  { "08", "08", "Zhuang", "壮族" },
  { "09", "09", "Buyei", "布依族" },
  { "10", "10", "Chosen", "朝鲜族" },
  { "11", "11", "Man", "满族" },
  { "12", "12", "Dong", "侗族" },
  { "13", "13", "Yao", "瑶族" },
  { "14", "14", "Bai", "白族" },
  { "15", "15", "Tujia", "土家族" },
  { "16", "16", "Hani", "哈尼族" },
  { "17", "17", "Kazak", "哈萨克族" },
  { "18", "18", "Dai", "傣族" },
  { "19", "19", "Li", "黎族" },
  { "20", "20", "Lisu", "傈僳族" },
  { "21", "21", "Va", "佤族" },
  { "22", "22", "She", "畲族" },
  { "23", "23", "Gaoshan", "高山族" },
  { "24", "24", "Lahu", "拉祜族" },
  { "25", "25", "Sui", "水族" },
  { "26", "26", "Dongxiang", "东乡族" },
  { "27", "27", "Naxi", "纳西族" },
  { "28", "28", "Jingpo", "景颇族" },
  { "29", "29", "Kirgiz", "柯尔克孜族" },
  { "30", "30", "Tu", "土族" },
  { "31", "31", "Daur", "达斡尔族" },
  { "32", "32", "Mulao", "仫佬族" },
  { "33", "33", "Qiang", "羌族" },
  { "34", "34", "Blang", "布朗族" },
  { "35", "35", "Salar", "撒拉族" },
  { "36", "36", "Maonan", "毛南族" },
  { "37", "37", "Gelao", "仡佬族" },
  { "38", "38", "Xibe", "锡伯族" },
  { "39", "39", "Achang", "阿昌族" },
  { "40", "40", "Pumi", "普米族" },
  { "41", "41", "Tajik", "塔吉克族" },
  { "42", "42", "Nu", "怒族" },
  { "43", "43", "Uzbek", "乌孜别克族" },
  { "44", "44", "Russ", "俄罗斯族" },
  { "45", "45", "Ewenki", "鄂温克族" },
  { "46", "46", "Deang", "德昂族" },
  { "47", "47", "Bonan", "保安族" },
  { "48", "48", "Yugur", "裕固族" },
  { "49", "49", "Gin", "京族" },
  { "50", "50", "Tatar", "塔塔尔族" },
  { "51", "51", "Derung", "独龙族" },
  { "52", "52", "Oroqen", "鄂伦春族" },
  { "53", "53", "Hezhen", "赫哲族" },
  { "54", "54", "Monba", "门巴族" },
  { "55", "55", "Lhoba", "珞巴族" },
  { "56", "56", "Jino", "基诺族" },
  { "97", "97", "other", "其他" },
  { "98", "98", "foreign origin, naturalised", "外国血统中国籍人士" },
};
TABLE (mns_ethnic, "ethnic")

static const mns_code_row_t mns_relation_rows[] = {
  { "01", "01", "01", "本人" },
  { "02", "02", "02", "户主" },
  { "10", "10", "10", "配偶" },
  { "11", "11", "11", "夫" },
  { "12", "12", "12", "妻" },
  { "20", "20", "20", "子" },
  { "21", "21", "21", "独生子" },
  { "22", "22", "22", "长子" },
  { "23", "23", "23", "次子" },
  { "24", "24", "24", "三子" },
  { "25", "25", "25", "四子" },
  { "26", "26", "26", "五子" },
  { "27", "27", "27", "养子或继子" },
  { "28", "28", "28", "女婿" },
  { "29", "29", "29", "其他儿子" },
  { "30", "30", "30", "女" },
  { "31", "31", "31", "独生女" },
  { "32", "32", "32", "长女" },
  { "33", "33", "33", "次女" },
  { "34", "34", "34", "三女" },
  { "35", "35", "35", "四女" },
  { "36", "36", "36", "五女" },
  { "37", "37", "37", "养女或继女" },
  { "38", "38", "38", "儿媳" },
  { "39", "39", "39", "其他女儿" },
  { "40", "40", "40", "孙子、孙女或外孙子、外孙女" },
  { "41", "41", "41", "孙子" },
  { "42", "42", "42", "孙女" },
  { "43", "43", "43", "外孙子" },
  { "44", "44", "44", "外孙女" },
  { "45", "45", "45", "孙媳妇或外孙媳妇" },
  { "46", "46", "46", "孙女婿或外孙女婿" },
  { "47", "47", "47", "曾孙子或外曾孙子" },
  { "48", "48", "48", "曾孙女或外曾孙女" },
  { "49", "49", "49", "其他孙子、孙女或外孙子、外孙女" },
  { "50", "50", "50", "父母" },
  { "51", "51", "51", "父亲" },
  { "52", "52", "52", "母亲" },
  { "53", "53", "53", "公公" },
  { "54", "54", "54", "婆婆" },
  { "55", "55", "55", "岳父" },
  { "56", "56", "56", "岳母" },
  { "57", "57", "57", "继父或养父" },
  { "58", "58", "58", "继母或养母" },
  { "59", "59", "59", "其他父母关系" },
  { "60", "60", "60", "祖父母或外祖父母" },
  { "61", "61", "61", "祖父" },
  { "62", "62", "62", "祖母" },
  { "63", "63", "63", "外祖父" },
  { "64", "64", "64", "外祖母" },
  { "65", "65", "65", "配偶的祖父母或外祖父母" },
  { "66", "66", "66", "曾祖父" },
  { "67", "67", "67", "曾祖母" },
  { "68", "68", "68", "配偶的曾祖父母或外曾祖父母" },
  { "69", "69", "69", "其他祖父母或外祖父母关系" },
  { "70", "70", "70", "兄、弟、姐、妹" },
  { "71", "71", "71", "兄" },
  { "72", "72", "72", "嫂" },
  { "73", "73", "73", "弟" },
  { "74", "74", "74", "弟媳" },
  { "75", "75", "75", "姐姐" },
  { "76", "76", "76", "姐夫" },
  { "77", "77", "77", "妹妹" },
  { "78", "78", "78", "妹夫" },
  { "79", "79", "79", "其他兄弟姐妹" },
  { "80", "80", "80", "其他" },
  { "81", "81", "81", "伯父" },
  { "82", "82", "82", "伯母" },
  { "83", "83", "83", "叔父" },
  { "84", "84", "84", "婶母" },
  { "85", "85", "85", "舅父" },
  { "86", "86", "86", "舅母" },
  { "87", "87", "87", "姨父" },
  { "88", "88", "88", "姨母" },
  { "89", "89", "89", "姑父" },
  { "90", "90", "90", "姑母" },
  { "91", "91", "91", "堂兄弟、堂姐妹" },
  { "92", "92", "92", "表兄弟、表姐妹" },
  { "93", "93", "93", "侄子" },
  { "94", "94", "94", "侄女" },
  { "95", "95", "95", "外甥" },
  { "96", "96", "96", "外甥女" },
  { "97", "97", "97", "其他亲属" },
  { "99", "99", "99", "非亲属" },
};
TABLE (mns_relation, "relation")

static const mns_code_row_t mns_registration_rows[] = {
  { "rural", "", "rural registration", "农业" },
  { "urban", "", "urban registration", "非农业" },
};
TABLE (mns_registration, "registration")

static const mns_code_row_t mns_life_event_rows[] = {
  { "baseline", "", "present at the start", "初始在册" },
  { "birth", "", "birth", "出生" },
  { "death", "", "death", "死亡" },
  { "move_in", "", "move in", "迁入" },
  { "move_out", "", "move out", "迁出" },
  { "move_within", "", "move within the county", "县内迁移" },
  { "adjustment", "", "adjustment", "调整" },
  { "marriage", "", "marriage", "结婚" },
  { "divorce", "", "divorce", "离婚" },
  { "adoption", "", "adoption", "收养" },
  { "adoption_end", "", "end of an adoption", "解除收养" },
  { "split", "", "leaves the household for a new one", "分户" },
  { "join", "", "joins another household", "并户" },
  { "head_change", "", "becomes head of the household", "变更户主" },
};
TABLE (mns_life_event, "life_event")

static const mns_code_row_t mns_origin_rows[] = {
  { "own", "", "found by the office itself", "自主采集" },
  { "business", "", "came with a matter of the person", "业务办理" },
  { "shared", "", "told by another office", "部门共享" },
};
TABLE (mns_origin, "origin")

static const mns_code_row_t mns_evidence_rows[] = {
  { "birth_certificate", "", "birth certificate", "出生医学证明" },
  { "death_certificate", "", "death certificate", "死亡医学证明书" },
  { "marriage_certificate", "", "marriage certificate", "结婚证" },
  { "divorce_certificate", "", "divorce certificate", "离婚证" },
  { "adoption_certificate", "", "adoption certificate", "收养登记证" },
  { "move_permit", "", "permit to move", "户口迁移证" },
  { "identity_card", "", "identity card", "居民身份证" },
  { "household_book", "", "household book", "居民户口簿" },
  { "court", "", "judgment of a court", "法院文书" },
  { "police", "", "paper of the police", "公安机关证明" },
  { "village", "", "statement of the village", "村居证明" },
  { "statement", "", "own statement or that of relatives", "本人或亲属声明" },
  { "other", "", "other", "其他" },
};
TABLE (mns_evidence, "evidence")

/* Chapters of the International Classification of Diseases, tenth revision. */
static const mns_code_row_t mns_death_cause_rows[] = {
  { "infection", "A00-B99", "infectious and parasitic diseases", "传染病和寄生虫病" },
  { "neoplasm", "C00-D48", "neoplasms", "肿瘤" },
  { "blood", "D50-D89", "diseases of the blood and immune mechanism", "血液及免疫疾病" },
  { "endocrine", "E00-E90", "endocrine, nutritional and metabolic diseases", "内分泌、营养和代谢疾病" },
  { "mental", "F00-F99", "mental and behavioural disorders", "精神和行为障碍" },
  { "nervous", "G00-G99", "diseases of the nervous system", "神经系统疾病" },
  { "eye", "H00-H59", "diseases of the eye", "眼和附器疾病" },
  { "ear", "H60-H95", "diseases of the ear", "耳和乳突疾病" },
  { "circulatory", "I00-I99", "diseases of the circulatory system", "循环系统疾病" },
  { "respiratory", "J00-J99", "diseases of the respiratory system", "呼吸系统疾病" },
  { "digestive", "K00-K93", "diseases of the digestive system", "消化系统疾病" },
  { "skin", "L00-L99", "diseases of the skin", "皮肤和皮下组织疾病" },
  { "musculoskeletal", "M00-M99", "diseases of the musculoskeletal system", "肌肉骨骼和结缔组织疾病" },
  { "genitourinary", "N00-N99", "diseases of the genitourinary system", "泌尿生殖系统疾病" },
  { "maternal", "O00-O99", "maternal causes", "妊娠、分娩和产褥期" },
  { "perinatal", "P00-P96", "conditions of the perinatal period", "围生期疾病" },
  { "congenital", "Q00-Q99", "congenital malformations", "先天畸形" },
  { "symptoms", "R00-R99", "symptoms not elsewhere classified", "症状、体征和异常所见" },
  { "external", "V01-Y98", "external causes: injury and poisoning", "损伤和中毒外部原因" },
  { "special", "U00-U99", "codes for special purposes", "特殊目的编码" },
  { "unknown", "", "not known", "不详" },
};
TABLE (mns_death_cause, "death_cause")

static const mns_code_row_t mns_death_site_rows[] = {
  { "hospital", "1", "hospital or clinic", "医疗卫生机构" },
  { "on_the_way", "2", "on the way to hospital", "来院途中" },
  { "home", "3", "at home", "家中" },
  { "care_home", "4", "care home", "养老服务机构" },
  { "elsewhere", "9", "elsewhere", "其他场所" },
  { "unknown", "0", "not known", "不详" },
};
TABLE (mns_death_site, "death_site")

static const mns_code_row_t mns_precision_rows[] = {
  { "day", "", "the day is known", "年月日" },
  { "month", "", "only year and month are known", "年月" },
  { "year", "", "only the year is known", "年" },
  { "unknown", "", "not known: the date is an estimate", "不详" },
};
TABLE (mns_precision, "precision")

static const mns_code_row_t mns_calendar_rows[] = {
  { "solar", "", "solar calendar", "公历" },
  { "lunar", "", "told in the lunar calendar", "农历" },
};
TABLE (mns_calendar, "calendar")

static const mns_code_row_t mns_lateness_rows[] = {
  { "on_time", "", "within the legal term", "按时" },
  { "late", "", "after the legal term", "逾期" },
  { "very_late", "", "so late that a second person decides", "严重逾期" },
};
TABLE (mns_lateness, "lateness")

static const mns_code_row_t mns_adjustment_rows[] = {
  { "omitted", "", "omitted person added", "补录漏登" },
  { "duplicate", "", "duplicate removed", "删除重复" },
  { "annulment", "", "entry annulled", "登记撤销" },
  { "merge", "", "entries merged", "合并" },
  { "boundary", "", "boundary transfer", "区划调整" },
  { "other", "", "other", "其他" },
};
TABLE (mns_adjustment, "adjustment")

static const mns_code_row_t mns_mother_rows[] = {
  { "registered", "", "in the register", "本册在册" },
  { "elsewhere", "", "from elsewhere, not in the register", "外地未在册" },
  { "foundling", "", "foundling, mother unknown", "弃婴" },
};
TABLE (mns_mother, "mother")

static const mns_code_row_t mns_person_status_rows[] = {
  { "present", "", "in the register", "在册" },
  { "dead", "", "dead", "死亡" },
  { "moved_out", "", "moved out", "迁出" },
  { "removed", "", "removed", "注销" },
};
TABLE (mns_person_status, "person_status")

static const mns_code_row_t mns_move_reason_rows[] = {
  { "work", "", "work", "务工经商" },
  { "study", "", "study", "学习" },
  { "marriage", "", "marriage", "婚姻" },
  { "family", "", "joining family", "投靠亲属" },
  { "relocation", "", "relocation", "搬迁" },
  { "other", "", "other", "其他" },
};
TABLE (mns_move_reason, "move_reason")

static const mns_code_row_t mns_role_rows[] = {
  { "clerk", "", "clerk: enters and reads within its division", "经办员" },
  { "approver", "", "approver: decides on what clerks entered", "审批员" },
  { "official", "", "official: reads figures", "管理人员" },
  { "operator", "", "operator: runs the stack, sees no persons", "运维员" },
  { "administrator", "", "administrator: everything, and accounts", "管理员" },
  { "system", "", "another system", "外部系统" },
  { "service", "", "a service of the stack", "服务" },
};
TABLE (mns_role, "role")

static const mns_code_row_t mns_basis_rows[] = {
  { "registration", "", "by date of registration", "按登记" },
  { "occurrence", "", "by date of occurrence", "按发生" },
};
TABLE (mns_basis, "basis")

static const mns_code_row_t mns_population_base_rows[] = {
  { "registered", "", "registered population", "户籍人口" },
  { "resident", "", "resident population", "常住人口" },
};
TABLE (mns_population_base, "population_base")

static const mns_code_row_t mns_exit_reason_rows[] = {
  { "death", "", "death", "死亡" },
  { "moved", "", "moved away", "迁出" },
  { "condition_ended", "", "the condition has ended, by own declaration at the review", "条件终止" },
  { "wrong_finding", "", "wrong finding", "认定错误" },
  { "other", "", "other", "其他" },
};
TABLE (mns_exit_reason, "exit_reason")

static const mns_code_row_t mns_entitlement_event_rows[] = {
  { "opening", "", "entitled at the start", "期初在享" },
  { "started", "", "started", "新增" },
  { "ended", "", "ended", "退出" },
};
TABLE (mns_entitlement_event, "entitlement_event")

static const mns_code_row_t mns_name_match_rows[] = {
  { "begins", "", "begins with", "开头" },
  { "exact", "", "is", "全等" },
  { "part", "", "holds", "包含" },
};
TABLE (mns_name_match, "name_match")

static const mns_code_row_t mns_yes_no_rows[] = {
  { "no", "0", "no", "否" },
  { "yes", "1", "yes", "是" },
};
TABLE (mns_yes_no, "yes_no")

static const mns_code_row_t mns_stratum_rows[] = {
  { "street", "", "street", "街道" },
  { "near_town", "", "near town", "近郊" },
  { "hill_town", "", "hill town", "山区" },
};
TABLE (mns_stratum, "stratum")

static const mns_code_row_t mns_reform_operation_rows[] = {
  { "rename", "", "another name, the same code", "更名" },
  { "move", "", "another code, the same land", "变更代码" },
  { "merge", "", "becomes part of another", "并入" },
  { "split", "", "divided among several", "拆分" },
};
TABLE (mns_reform_operation, "reform_operation")

static const mns_code_row_t mns_place_change_rows[] = {
  { "begins", "", "the code begins", "启用" },
  { "ends", "", "the code ends", "停用" },
  { "predecessor", "", "its land lay in", "前身" },
  { "successor", "", "its land lies in", "后继" },
};
TABLE (mns_place_change, "place_change")

static const mns_code_row_t mns_verb_rows[] = {
  { "publish", "", "publish: records under a topic prefix", "发布" },
  { "subscribe", "", "subscribe: topics under a prefix", "订阅" },
  { "request", "", "request: commands under a prefix", "请求" },
  { "serve", "", "serve: answer commands under a prefix", "服务命令" },
  { "snapshot", "", "snapshot: take the state behind a stream", "快照" },
  { "admin", "", "admin: commands of the broker that change it", "管理" },
};
TABLE (mns_verb, "verb")

const mns_code_table_t *const mns_code_tables[] = { &mns_sex, &mns_marital, &mns_ethnic, &mns_relation, &mns_registration,
  &mns_life_event, &mns_origin, &mns_evidence, &mns_death_cause, &mns_death_site, &mns_precision, &mns_calendar,
  &mns_lateness, &mns_adjustment, &mns_mother, &mns_person_status, &mns_move_reason, &mns_role, &mns_basis,
  &mns_population_base, &mns_exit_reason, &mns_entitlement_event, &mns_yes_no, &mns_verb, &mns_name_match,
  &mns_stratum, &mns_reform_operation, &mns_place_change, NULL };
/* clang-format on */
