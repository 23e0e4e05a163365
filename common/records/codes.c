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
};
TABLE (mns_life_event, "life_event")

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
  &mns_life_event, &mns_adjustment, &mns_mother, &mns_person_status, &mns_move_reason, &mns_role, &mns_basis,
  &mns_population_base, &mns_exit_reason, &mns_entitlement_event, &mns_yes_no, &mns_verb,
  &mns_stratum, &mns_reform_operation, &mns_place_change, NULL };
/* clang-format on */
