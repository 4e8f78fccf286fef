// The page in Chinese. Names of schemes and the library's own sentences stay as they are: one meets them on the command
// line as well.

const chinese = {
    "title": "Transformer 怎么知道一个词在哪里？",
    "intro": "注意力只比较词与词，分不出谁先谁后。位置必须另外告诉它：可以像 BERT 那样查一张学出来的表，也可以像 RNN 那样按一条规则递推。" +
        "下面能动的都可以动一动，所有数字都由这个库本身当场算出。",
    "trained title": "谁能继续下去？",
    "trained intro": "几个很小的 BERT 读过唐诗之后，每个方格比较两个位置的编码：红色相似，蓝色相反，白色无关。训练到细线为止。" +
        "把长度拖过这条线看看。",
    "length": "长度",
    "seed": "随机种子",
    "scheme": "编码方案",
    "or": "或者选一个：",
    "scheme title": "任意一种方案",
    "scheme intro": "像在命令行里一样输入一种方案，几种方案用 + 相连。方格显示训练之前位置 j 的词对位置 i 的词有多重要：" +
        "红色重要，蓝色相反，灰色是看不见的。" +
        "点一个格子，或用方向键移动。",
    "traits": "它承诺什么",
    "indicators": "图中量出了什么",
    "nothing": "–：没有可量的，因为这种方案没有编码，或者位置太少（线性平移要多于 65 个位置）。",
    "two codes": "两个编码",
    "story": "这个位置是怎么算出来的？一个数一个数地看",
    "training title": "就在这里训练",
    "training intro": "一个单层 Transformer，用上面的方案或别的方案，在不超过 32 个位置的序列上学一个任务，只用你的一个处理器核。" +
        "然后在 64、128、256 个位置上考它，那里是训练从未到过的地方。",
    "task": "任务",
    "steps": "步数",
    "above": "用上面的方案",
    "start": "训练",
    "stop": "停止",
    "loss": "损失",
    "codes": "正在学习的编码",
    "right": "各个长度上的正确率",
    "digits": "在自己的机器上运行同一个程序，500 步：ORDINAL_ISA=portable ./go demos extrapolate，再给出相同的 --encodings、--tasks 和 --seed。" +
        "结果逐位相同；只有会遗忘的方案（forgetting）可能差最后一位，因为这里的 log1p 来自另一个 C 库。",
    "footer": "Ordinal 是一个小型深度学习框架，用 C++20 从头写成，用来学习位置编码；./go play 生成这个页面。" +
        "没有任何东西离开这个页面：它不读别的文件，也不连网络。所有数字都来自编译成 WebAssembly 的 C++ 库本身，" +
        "没有哪个数用另一种语言再算一遍。",

    "panel table": "BERT 的表：只训练到 32，往后是噪声",
    "panel repeated": "把表的行重复：对不上拍",
    "panel rnn": "RNN：条纹继续下去",
    "panel verse": "48 行的表：看得出诗的周期",
    "panel control": "对照：窗口从任意处开始",
    "panel ring": "12 行的环，正好一联：一直转下去",
    "panel picture": "两个位置的编码有多相似，共 {length} 个位置：{title}",
    "ends": "它到此为止。库的原话：{sentence}",
    "cell": "位置 i = {i}，位置 j = {j}：{value}",
    "hidden": "不可见",
    "cell alone": "{what} {value}",
    "cosine": "余弦",
    "score": "分数（相对于对角线）",
    "scheme picture": "位置 j 对位置 i 有多重要：{specification}，{length} 个位置；方向键移动格子",
    "training picture": "正在学习的方案：位置 j 对位置 i 有多重要",
    "curve": "{steps} 步的损失，现在是 {loss}",
    "code of": "{k} 的编码",
    "position": "位置 {k}",
    "blind": "盲猜的正确率是 {chance}。",
    "count": "第 {step} 步，共 {steps} 步，每秒 {speed} 步，损失 {loss}",
    "stopped": "停在第 {step} 步。",
    "accuracy": "正确率",
    "guessed": "盲猜",
    "no positions": "没有这些位置",
    "broken": "页面的计算部分没有启动：{why}。2021 年以后的浏览器都可以运行它。",

    "acts at": "作用于", "positions": "位置数", "depth": "依赖深度", "ids": "位置编号", "reads tokens": "读取词",
    "cacheable": "可以缓存", "changes with length": "随长度改变", "causal only": "仅用于因果注意力",
    "only distance counts": "只看距离", "told apart": "位置互不相同", "fades": "随距离减弱", "learns": "可学的数",
    "source": "出处",
    "yes": "是", "no": "否", "any": "任意", "whole": "整数", "nowhere": "不起作用", "input": "输入",
    "scores": "分数", "queries and keys": "查询与键", "unbounded": "没有上限",
    "What is the position modulo 5?": "位置除以 5 余几？",
    "Which token was three places back?": "往前数第三个词是什么？",
    "How far back is the last marker?": "上一个标记在多远之前？",
    "Which token stood right after the last marker?": "紧跟在上一个标记后面的词是什么？",
    "TI": "平移不变性", "MONO 8": "单调性（近 8 个）", "MONO": "单调性", "SYM": "对称性", "rank": "有效秩",
    "distinct": "互不相同的位置", "probe": "线性读出误差", "shift": "线性平移误差",
};
