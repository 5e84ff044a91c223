<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>A phone that is only the call.</source>
        <translation>只为通话而生的电话。</translation>
    </message>
    <message>
        <source>Copied. There are no addresses in it.</source>
        <translation>已复制，其中不含任何地址。</translation>
    </message>
    <message>
        <source>Copy technical details</source>
        <translation>复制技术信息</translation>
    </message>
    <message>
        <source>Decline it, or go back</source>
        <translation>拒接或返回</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>许可证：{licence}</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Take a call that rings</source>
        <translation>接听来电</translation>
    </message>
    <message>
        <source>Take it with your camera</source>
        <translation>打开摄像头接听</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>版本 {version}</translation>
    </message>
</context>
<context>
    <name>AccountForm</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>端口是 1 到 65535 之间的数字。</translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation>添加账号</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Found by the address</source>
        <translation>根据地址自动查找</translation>
    </message>
    <message>
        <source>Name the server myself</source>
        <translation>手动指定服务器</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>The password is kept in {store}.</source>
        <translation>密码保存在 {store} 中。</translation>
    </message>
    <message>
        <source>This computer has no place for secrets that Twocan can use. The account is known until Twocan is closed; the next time you sign in again.</source>
        <translation>此电脑上没有 Twocan 可用的密码保管处。账号只保留到 Twocan 退出为止，下次需要重新登录。</translation>
    </message>
    <message>
        <source>Type your address.</source>
        <translation>请输入您的地址。</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>请输入您的密码。</translation>
    </message>
</context>
<context>
    <name>AccountRow</name>
    <message>
        <source>Came with a link of {site}</source>
        <translation>来自 {site} 的链接</translation>
    </message>
    <message>
        <source>In use: {standing}</source>
        <translation>使用中：{standing}</translation>
    </message>
    <message>
        <source>In {store}</source>
        <translation>保存在 {store} 中</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Known only until Twocan is closed</source>
        <translation>只保留到 Twocan 退出为止</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Sign out and forget {address}?</source>
        <translation>要退出登录并移除 {address} 吗？</translation>
    </message>
    <message>
        <source>Sign out {address}</source>
        <translation>退出登录 {address}</translation>
    </message>
    <message>
        <source>Sign out…</source>
        <translation>退出登录…</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use {address}</source>
        <translation>使用 {address}</translation>
    </message>
</context>
<context>
    <name>AccountsPage</name>
    <message>
        <source>Accounts can be changed when the call is over.</source>
        <translation>通话结束后才能更改账号。</translation>
    </message>
</context>
<context>
    <name>Around</name>
    <message>
        <source>Twocan is still here</source>
        <translation>Twocan 仍在运行</translation>
    </message>
    <message>
        <source>You can be called while the window is closed. Quit from the tray menu.</source>
        <translation>关闭窗口后您仍可接听来电。如需退出，请使用托盘菜单。</translation>
    </message>
    <message>
        <source>You can be called while the window is put away. Ctrl+Q quits.</source>
        <translation>收起窗口后您仍可接听来电。按 Ctrl+Q 退出。</translation>
    </message>
</context>
<context>
    <name>Callee</name>
    <message>
        <source>Call</source>
        <translation>呼叫</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>视频呼叫</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>这不是有效的地址，应类似 person@site.example。</translation>
    </message>
    <message>
        <source>This is your own address.</source>
        <translation>这是您自己的地址。</translation>
    </message>
    <message>
        <source>Type an address, or paste a link.</source>
        <translation>请输入地址，或粘贴链接。</translation>
    </message>
    <message>
        <source>Who do you want to call?</source>
        <translation>您想呼叫谁？</translation>
    </message>
    <message>
        <source>person@site.example</source>
        <translation>person@site.example</translation>
    </message>
</context>
<context>
    <name>CallingView</name>
    <message>
        <source>Calling</source>
        <translation>正在呼叫</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>正在呼叫 {name}</translation>
    </message>
    <message>
        <source>Calling…</source>
        <translation>正在呼叫…</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Connecting with {name}</source>
        <translation>正在与 {name} 接通</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在接通…</translation>
    </message>
    <message>
        <source>End</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>It rings at {name}</source>
        <translation>{name} 那边正在响铃</translation>
    </message>
    <message>
        <source>It rings there</source>
        <translation>对方正在响铃</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>不使用摄像头</translation>
    </message>
    <message>
        <source>What your camera sees</source>
        <translation>摄像头看到的画面</translation>
    </message>
    <message>
        <source>Without a camera, others hear you and do not see you.</source>
        <translation>不使用摄像头时，对方能听到您，但看不到您。</translation>
    </message>
    <message>
        <source>Your picture is shown here when the call is over.</source>
        <translation>通话结束后，这里会显示您的画面。</translation>
    </message>
</context>
<context>
    <name>Clearing</name>
    <message>
        <source>Keep them</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>全部移除</translation>
    </message>
    <message>
        <source>Remove all calls from this list? This cannot be undone.</source>
        <translation>要移除此列表中的所有通话吗？此操作无法撤销。</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Controls of the call</source>
        <translation>通话控制</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保持</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>拨号盘</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
</context>
<context>
    <name>DeviceChoice</name>
    <message>
        <source>System default</source>
        <translation>系统默认</translation>
    </message>
    <message>
        <source>{device} (not plugged in)</source>
        <translation>{device}（未连接）</translation>
    </message>
</context>
<context>
    <name>DeviceMenu</name>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>麦克风音量</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>不使用摄像头</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>扬声器</translation>
    </message>
    <message>
        <source>The one that the system uses</source>
        <translation>使用系统默认</translation>
    </message>
</context>
<context>
    <name>EndedView</name>
    <message>
        <source>Call again</source>
        <translation>再次呼叫</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>With the camera</source>
        <translation>打开摄像头</translation>
    </message>
    <message>
        <source>You talked for {duration}</source>
        <translation>通话时长 {duration}</translation>
    </message>
    <message>
        <source>Your camera was not seen. {reason}</source>
        <translation>对方没有看到您的画面。{reason}</translation>
    </message>
</context>
<context>
    <name>Face</name>
    <message>
        <source>Twocan cannot start: {why}</source>
        <translation>Twocan 无法启动：{why}</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>History</source>
        <translation>通话记录</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Where things are</source>
        <translation>数据位置</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
</context>
<context>
    <name>Heading</name>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is</source>
        <translation>尚不清楚通话质量</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>通话质量：{quality}</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>安全码</translation>
    </message>
</context>
<context>
    <name>HeldCall</name>
    <message>
        <source>Hang up</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>Hang up on {name}</source>
        <translation>挂断与 {name} 的通话</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>切换</translation>
    </message>
    <message>
        <source>Talk with {name}, and put the other one on hold</source>
        <translation>与 {name} 通话，并保持另一通电话</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>{name} 保持中</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message numerus="yes">
        <source>%n call(s), kept on this computer only.</source>
        <translation>
            <numerusform>%n 条通话记录，仅保存在此电脑上。</numerusform>
        </translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Clear the history</source>
        <translation>清空通话记录</translation>
    </message>
    <message>
        <source>Clear…</source>
        <translation>清空…</translation>
    </message>
    <message numerus="yes">
        <source>Forget %n call(s)? This cannot be undone.</source>
        <translation>
            <numerusform>要清除 %n 条通话记录吗？此操作无法撤销。</numerusform>
        </translation>
    </message>
    <message>
        <source>History</source>
        <translation>通话记录</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>There are no calls in it.</source>
        <translation>没有通话记录。</translation>
    </message>
</context>
<context>
    <name>IdleView</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n 个未接来电</numerusform>
        </translation>
    </message>
    <message>
        <source>OK</source>
        <translation>好</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>最近通话</translation>
    </message>
    <message>
        <source>Restart Twocan</source>
        <translation>重新启动 Twocan</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>重新登录</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>{headline}. {advice}</source>
        <translation>{headline}。{advice}</translation>
    </message>
</context>
<context>
    <name>InCallView</name>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保持通话</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>通话状况</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>拨号盘</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复通话</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>安全码</translation>
    </message>
    <message>
        <source>Share the screen</source>
        <translation>共享屏幕</translation>
    </message>
    <message>
        <source>Show my picture</source>
        <translation>显示我的画面</translation>
    </message>
</context>
<context>
    <name>IncomingView</name>
    <message>
        <source>Answer</source>
        <translation>接听</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>拒接</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>来电</translation>
    </message>
    <message>
        <source>With camera</source>
        <translation>视频接听</translation>
    </message>
    <message>
        <source>calls you from {site}</source>
        <translation>从 {site} 打来电话</translation>
    </message>
    <message>
        <source>calls you from {site}, with camera</source>
        <translation>从 {site} 向您发起视频通话</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>{name} 来电</translation>
    </message>
</context>
<context>
    <name>Kept</name>
    <message>
        <source>Or with another address</source>
        <translation>或使用其他地址</translation>
    </message>
    <message>
        <source>Sign in again as</source>
        <translation>重新登录为</translation>
    </message>
</context>
<context>
    <name>KeyList</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>Hash</source>
        <translation>井号</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>拨号盘</translation>
    </message>
    <message>
        <source>Pressed keys: {keys}</source>
        <translation>已按按键：{keys}</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>星号</translation>
    </message>
</context>
<context>
    <name>KnockingCall</name>
    <message>
        <source>Answer</source>
        <translation>接听</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>视频接听</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>拒接</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is given up.</source>
        <translation>来自 {site}。接听后，当前通话将结束。</translation>
    </message>
    <message>
        <source>From {site}. If you answer, this call is put on hold.</source>
        <translation>来自 {site}。接听后，当前通话将被保持。</translation>
    </message>
    <message>
        <source>{name} calls</source>
        <translation>{name} 来电</translation>
    </message>
    <message>
        <source>{name} calls, with camera</source>
        <translation>{name} 发起视频通话</translation>
    </message>
</context>
<context>
    <name>Me</name>
    <message>
        <source>Do not disturb</source>
        <translation>勿扰</translation>
    </message>
    <message>
        <source>Do not disturb is on</source>
        <translation>勿扰已开启</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>Microphone</name>
    <message>
        <source>Five seconds are recorded, then played to you.</source>
        <translation>录制五秒，然后播放给您听。</translation>
    </message>
    <message>
        <source>Hear yourself</source>
        <translation>试听自己的声音</translation>
    </message>
    <message>
        <source>How far the recording is</source>
        <translation>录音进度</translation>
    </message>
    <message>
        <source>How loud your microphone is</source>
        <translation>麦克风音量</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message numerus="yes">
        <source>Say something. %n second(s) are left.</source>
        <translation>
            <numerusform>请说几句话。还剩 %n 秒。</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>This is how others hear you.</source>
        <translation>对方听到的就是这样。</translation>
    </message>
</context>
<context>
    <name>Nothing</name>
    <message>
        <source>No calls yet</source>
        <translation>还没有通话</translation>
    </message>
    <message>
        <source>Type an address above, or press the call button beside somebody on a site. Whoever calls you is listed here as well.</source>
        <translation>请在上方输入地址，或在网站上点击某人旁边的通话按钮。打给您的人也会列在这里。</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n 个未接来电</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>接听</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>视频接听</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>回拨</translation>
    </message>
    <message>
        <source>Call from {site}</source>
        <translation>来自 {site} 的通话</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>拒接</translation>
    </message>
    <message>
        <source>From {names}</source>
        <translation>来自 {names}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Video call from {site}</source>
        <translation>来自 {site} 的视频通话</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>{name} 来电</translation>
    </message>
</context>
<context>
    <name>OlderQuestion</name>
    <message>
        <source>A newer Twocan is installed</source>
        <translation>已安装更高版本的 Twocan</translation>
    </message>
    <message>
        <source>Go back to {mine}</source>
        <translation>退回到 {mine}</translation>
    </message>
    <message>
        <source>This download is version {mine}.
Version {current} is installed.</source>
        <translation>此下载文件是版本 {mine}。
已安装的是版本 {current}。</translation>
    </message>
    <message>
        <source>Use version {current}</source>
        <translation>使用版本 {current}</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>OwnPicture</name>
    <message>
        <source>Hide my picture</source>
        <translation>隐藏我的画面</translation>
    </message>
    <message>
        <source>The arrow keys move it to another corner.</source>
        <translation>用方向键可将其移到其他角落。</translation>
    </message>
    <message>
        <source>Your own picture</source>
        <translation>您的画面</translation>
    </message>
</context>
<context>
    <name>Password</name>
    <message>
        <source>Hide the password</source>
        <translation>隐藏密码</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>显示密码</translation>
    </message>
    <message>
        <source>Type the password.</source>
        <translation>请输入密码。</translation>
    </message>
</context>
<context>
    <name>PastList</name>
    <message>
        <source>Call</source>
        <translation>呼叫</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>视频呼叫</translation>
    </message>
    <message>
        <source>Clear history…</source>
        <translation>清空通话记录…</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Enter calls back, Ctrl+Enter calls back with the camera.</source>
        <translation>按 Enter 回拨，按 Ctrl+Enter 视频回拨。</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>最近通话</translation>
    </message>
</context>
<context>
    <name>PastModel</name>
    <message>
        <source>Declined</source>
        <translation>已拒接</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>未接</translation>
    </message>
    <message>
        <source>Missed call from {name}, {when}</source>
        <translation>{name} 的未接来电，{when}</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>未接通</translation>
    </message>
    <message>
        <source>You called {name}, {when}: {outcome}</source>
        <translation>您打给 {name}，{when}：{outcome}</translation>
    </message>
    <message>
        <source>{name} called you, {when}: {outcome}</source>
        <translation>{name} 打给您，{when}：{outcome}</translation>
    </message>
    <message>
        <source>{outcome}, {when}</source>
        <translation>{outcome}，{when}</translation>
    </message>
</context>
<context>
    <name>PastRow</name>
    <message>
        <source>{outcome} · {when}</source>
        <translation>{outcome} · {when}</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>{name} ({address})</source>
        <translation>{name}（{address}）</translation>
    </message>
</context>
<context>
    <name>Person</name>
    <message>
        <source>Resume</source>
        <translation>恢复通话</translation>
    </message>
</context>
<context>
    <name>PickingUp</name>
    <message>
        <source>Answering {name}…</source>
        <translation>正在接听 {name}…</translation>
    </message>
    <message>
        <source>Don&apos;t answer</source>
        <translation>不接听</translation>
    </message>
    <message>
        <source>You are signed in first. If it still rings then, it is answered.</source>
        <translation>先为您登录。如果到时仍在响铃，就会接听。</translation>
    </message>
</context>
<context>
    <name>Presence</name>
    <message>
        <source>Being called</source>
        <translation>接收来电</translation>
    </message>
    <message>
        <source>Calls do not ring. You see later who called.</source>
        <translation>来电不会响铃，您可以稍后查看谁打来过。</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>勿扰</translation>
    </message>
    <message>
        <source>Start at log-in</source>
        <translation>登录系统时启动</translation>
    </message>
    <message>
        <source>The start at log-in could not be set: {why}</source>
        <translation>无法设置登录时启动：{why}</translation>
    </message>
    <message>
        <source>You can be called as soon as you have logged in.</source>
        <translation>登录系统后即可接听来电。</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Always allow calls from this site</source>
        <translation>始终允许此网站发起通话</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>接听</translation>
    </message>
    <message>
        <source>Answer with camera</source>
        <translation>视频接听</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>呼叫</translation>
    </message>
    <message>
        <source>Call this address?</source>
        <translation>呼叫此地址？</translation>
    </message>
    <message>
        <source>Call with camera</source>
        <translation>视频呼叫</translation>
    </message>
    <message>
        <source>Call {name}?</source>
        <translation>呼叫 {name}？</translation>
    </message>
    <message>
        <source>Don&apos;t call</source>
        <translation>不呼叫</translation>
    </message>
    <message>
        <source>Its links then call without asking. You can take that back in the settings.</source>
        <translation>此后其链接会直接发起通话，不再询问。您可以在设置中撤销。</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂时不接</translation>
    </message>
    <message>
        <source>Somebody is calling. Answer?</source>
        <translation>有人来电。要接听吗？</translation>
    </message>
    <message>
        <source>The site says: {reason}</source>
        <translation>网站说明：{reason}</translation>
    </message>
    <message>
        <source>You answer as {caller}.</source>
        <translation>您将以 {caller} 的身份接听。</translation>
    </message>
    <message>
        <source>You call as {caller}.</source>
        <translation>您将以 {caller} 的身份呼叫。</translation>
    </message>
    <message>
        <source>{name} is calling. Answer?</source>
        <translation>{name} 来电。要接听吗？</translation>
    </message>
    <message>
        <source>{site} asks: {question} {caller}</source>
        <translation>{site} 询问：{question}{caller}</translation>
    </message>
</context>
<context>
    <name>Ringer</name>
    <message>
        <source>Ring once</source>
        <translation>试听铃声</translation>
    </message>
    <message>
        <source>Ring volume</source>
        <translation>铃声音量</translation>
    </message>
    <message>
        <source>Ringing</source>
        <translation>响铃</translation>
    </message>
    <message>
        <source>What rings</source>
        <translation>响铃设备</translation>
    </message>
</context>
<context>
    <name>Scene</name>
    <message>
        <source>Call</source>
        <translation>通话</translation>
    </message>
    <message>
        <source>Their picture</source>
        <translation>对方的画面</translation>
    </message>
</context>
<context>
    <name>SectionList</name>
    <message>
        <source>About Twocan</source>
        <translation>关于 Twocan</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>General</source>
        <translation>通用</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>信任的网站</translation>
    </message>
</context>
<context>
    <name>Server</name>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>端口是 1 到 65535 之间的数字。</translation>
    </message>
    <message>
        <source>As the site says</source>
        <translation>由网站指定</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Server and port</source>
        <translation>服务器和端口</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>SignInView</name>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>正在登录…</translation>
    </message>
    <message>
        <source>The password will be kept in {place}.</source>
        <translation>密码将保存在 {place} 中。</translation>
    </message>
    <message>
        <source>This computer has no safe place for passwords. Yours is known until Twocan is closed, and asked for the next time.</source>
        <translation>此电脑上没有安全的密码保管处。您的密码只保留到 Twocan 退出为止，下次需要重新输入。</translation>
    </message>
    <message>
        <source>This is not an address. It has to look like person@site.example.</source>
        <translation>这不是有效的地址，应类似 person@site.example。</translation>
    </message>
    <message>
        <source>person@site.example</source>
        <translation>person@site.example</translation>
    </message>
    <message>
        <source>{headline}. {advice}</source>
        <translation>{headline}。{advice}</translation>
    </message>
</context>
<context>
    <name>SitesPage</name>
    <message>
        <source>Do not trust {site} any more</source>
        <translation>不再信任 {site}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>There are none. When the link of a site asks to call somebody, you can choose to trust the site: from then on Twocan calls at once, and the site is listed here.</source>
        <translation>暂无。当网站的链接请求发起通话时，您可以选择信任该网站：此后 Twocan 会立即呼叫，该网站也会列在这里。</translation>
    </message>
    <message>
        <source>Trusted sites</source>
        <translation>信任的网站</translation>
    </message>
    <message>
        <source>When you press the call button of one of these, Twocan calls at once.</source>
        <translation>在这些网站上点击通话按钮时，Twocan 会立即呼叫。</translation>
    </message>
</context>
<context>
    <name>Speaker</name>
    <message>
        <source>Play a test tone</source>
        <translation>播放测试音</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>扬声器</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>Copy the figures</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>For experts</source>
        <translation>专业数据</translation>
    </message>
    <message>
        <source>How the call goes</source>
        <translation>通话状况</translation>
    </message>
    <message>
        <source>It is not known yet how good the call is.</source>
        <translation>尚不清楚通话质量。</translation>
    </message>
    <message>
        <source>Quality of the call: {quality}</source>
        <translation>通话质量：{quality}</translation>
    </message>
    <message>
        <source>The figures are copied</source>
        <translation>数据已复制</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%n missed call(s)</source>
        <translation>
            <numerusform>%n 个未接来电</numerusform>
        </translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>接听</translation>
    </message>
    <message>
        <source>Accept with camera</source>
        <translation>视频接听</translation>
    </message>
    <message>
        <source>Calling {name}</source>
        <translation>正在呼叫 {name}</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>拒接</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>勿扰</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>In a call with {name}</source>
        <translation>正在与 {name} 通话</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Open Twocan</source>
        <translation>打开 Twocan</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Quit, and end the call</source>
        <translation>结束通话并退出</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>{name} is calling</source>
        <translation>{name} 来电</translation>
    </message>
    <message>
        <source>{name} is on hold</source>
        <translation>{name} 保持中</translation>
    </message>
</context>
<context>
    <name>Troubles</name>
    <message>
        <source>Choose another camera</source>
        <translation>选择其他摄像头</translation>
    </message>
    <message>
        <source>Choose another microphone</source>
        <translation>选择其他麦克风</translation>
    </message>
    <message>
        <source>Your microphone gives no sound, so nobody can hear you.</source>
        <translation>麦克风没有声音，对方听不到您。</translation>
    </message>
</context>
<context>
    <name>Updates</name>
    <message>
        <source>About once a day the site of your account is asked, never during a call. Nothing about you is sent along.</source>
        <translation>大约每天向您账号所属的网站询问一次，通话时绝不询问，也不会发送任何与您有关的信息。</translation>
    </message>
    <message>
        <source>Look for new versions</source>
        <translation>查找新版本</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>新版本</translation>
    </message>
    <message>
        <source>This copy of Twocan does not look for new versions.</source>
        <translation>此 Twocan 不会查找新版本。</translation>
    </message>
    <message>
        <source>This is version {version}.</source>
        <translation>当前版本为 {version}。</translation>
    </message>
</context>
<context>
    <name>Verification</name>
    <message>
        <source>Read these digits out to each other. If both of you see the same, nobody sits between you and listens.</source>
        <translation>请互相念出这些数字。如果双方看到的一致，就说明没有人在中间窃听。</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>安全码</translation>
    </message>
    <message>
        <source>The other program does not make a safety code. The call is encrypted, but you cannot check who is at the other end of it.</source>
        <translation>对方的程序不支持安全码。通话已加密，但您无法核实另一端是谁。</translation>
    </message>
</context>
<context>
    <name>Voice</name>
    <message>
        <source>Fans, traffic and keyboards become quiet.</source>
        <translation>风扇、车流和键盘声会变小。</translation>
    </message>
    <message>
        <source>Keep the loudness even</source>
        <translation>均衡音量</translation>
    </message>
    <message>
        <source>Others do not hear themselves from your speaker.</source>
        <translation>对方不会从您的扬声器中听到自己的声音。</translation>
    </message>
    <message>
        <source>Remove echo</source>
        <translation>消除回声</translation>
    </message>
    <message>
        <source>Suppress noise</source>
        <translation>抑制噪音</translation>
    </message>
    <message>
        <source>You are as loud from afar as from close by.</source>
        <translation>无论远近，音量都一样。</translation>
    </message>
    <message>
        <source>Your voice</source>
        <translation>您的声音</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Opening the link…</source>
        <translation>正在打开链接…</translation>
    </message>
    <message>
        <source>The site is being asked whom it is for.</source>
        <translation>正在向网站查询通话对象。</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>The call button of a site brings its own account, so there is nothing to fill in here. If you have an address, sign in with it.</source>
        <translation>网站的通话按钮自带账号，无需在此填写。如果您有地址，请用它登录。</translation>
    </message>
    <message>
        <source>Welcome to Twocan</source>
        <translation>欢迎使用 Twocan</translation>
    </message>
</context>
<context>
    <name>facts</name>
    <message>
        <source>Connecting…</source>
        <translation>正在接通…</translation>
    </message>
    <message>
        <source>The camera of {name} goes on</source>
        <translation>{name} 的摄像头已恢复</translation>
    </message>
    <message>
        <source>The camera of {name} pauses</source>
        <translation>{name} 的摄像头已暂停</translation>
    </message>
    <message>
        <source>The microphone of {name} is on</source>
        <translation>{name} 的麦克风已打开</translation>
    </message>
    <message>
        <source>You are connected with {name}</source>
        <translation>已与 {name} 接通</translation>
    </message>
    <message>
        <source>You put {name} on hold</source>
        <translation>您已保持与 {name} 的通话</translation>
    </message>
    <message>
        <source>You talk with {name} again</source>
        <translation>您恢复了与 {name} 的通话</translation>
    </message>
    <message>
        <source>Your camera goes on</source>
        <translation>您的摄像头已恢复</translation>
    </message>
    <message>
        <source>Your camera pauses</source>
        <translation>您的摄像头已暂停</translation>
    </message>
    <message>
        <source>Your microphone is muted</source>
        <translation>您的麦克风已静音</translation>
    </message>
    <message>
        <source>Your microphone is on</source>
        <translation>您的麦克风已打开</translation>
    </message>
    <message>
        <source>{name} has muted the microphone</source>
        <translation>{name} 已静音</translation>
    </message>
    <message>
        <source>{name} is back</source>
        <translation>{name} 回来了</translation>
    </message>
    <message>
        <source>{name} put you on hold</source>
        <translation>{name} 已保持通话</translation>
    </message>
</context>
<context>
    <name>figures</name>
    <message>
        <source>Filled in</source>
        <translation>丢失补偿</translation>
    </message>
    <message>
        <source>Goes</source>
        <translation>连接方式</translation>
    </message>
    <message>
        <source>Kept back</source>
        <translation>缓冲</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>丢失</translation>
    </message>
    <message>
        <source>Pictures that you see</source>
        <translation>您看到的画面</translation>
    </message>
    <message>
        <source>Pictures that you send</source>
        <translation>您发送的画面</translation>
    </message>
    <message>
        <source>Pictures/s</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Sound that you hear</source>
        <translation>您听到的声音</translation>
    </message>
    <message>
        <source>Sound that you send</source>
        <translation>您发送的声音</translation>
    </message>
    <message>
        <source>Stood still</source>
        <translation>卡顿</translation>
    </message>
    <message>
        <source>The way between you</source>
        <translation>双方之间的线路</translation>
    </message>
    <message>
        <source>There and back</source>
        <translation>往返时间</translation>
    </message>
    <message>
        <source>Uneven arrival</source>
        <translation>抖动</translation>
    </message>
    <message>
        <source>directly</source>
        <translation>直连</translation>
    </message>
    <message>
        <source>through a relay</source>
        <translation>经中继</translation>
    </message>
    <message>
        <source>{figure} %</source>
        <translation>{figure}%</translation>
    </message>
    <message>
        <source>{figure} Mbit/s</source>
        <translation>{figure} Mbit/s</translation>
    </message>
    <message>
        <source>{figure} kbit/s</source>
        <translation>{figure} kbit/s</translation>
    </message>
    <message>
        <source>{figure} ms</source>
        <translation>{figure} 毫秒</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
</context>
<context>
    <name>shortcuts</name>
    <message>
        <source>Camera on or off</source>
        <translation>打开或关闭摄像头</translation>
    </message>
    <message>
        <source>Close what is open, or leave full screen</source>
        <translation>关闭已打开的内容或退出全屏</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>Hold or resume</source>
        <translation>保持或恢复通话</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>拨号盘</translation>
    </message>
    <message>
        <source>Mute or unmute the microphone</source>
        <translation>静音或取消静音</translation>
    </message>
    <message>
        <source>Press a telephone key</source>
        <translation>按电话按键</translation>
    </message>
    <message>
        <source>Swap the two calls</source>
        <translation>切换两通电话</translation>
    </message>
</context>
<context>
    <name>starting</name>
    <message>
        <source>Another version of Twocan is running. Quit it first.</source>
        <translation>另一个版本的 Twocan 正在运行，请先退出它。</translation>
    </message>
    <message>
        <source>Something else has taken the place of the Twocan that runs. Restart the computer, then try again.</source>
        <translation>正在运行的 Twocan 的位置已被其他程序占用。请重启电脑，然后重试。</translation>
    </message>
    <message>
        <source>Twocan is running already, but does not answer. End it, or restart the computer, then try again.</source>
        <translation>Twocan 已在运行，但没有响应。请结束它或重启电脑，然后重试。</translation>
    </message>
    <message>
        <source>Twocan is running already, without the account that TWOCAN_ACCOUNT names. Quit it first.</source>
        <translation>Twocan 已在运行，但没有使用 TWOCAN_ACCOUNT 指定的账号。请先退出它。</translation>
    </message>
</context>
<context>
    <name>updates</name>
    <message>
        <source>A new version waits until you are in a network without a data limit.</source>
        <translation>有新版本，将在您连接到不限流量的网络后下载。</translation>
    </message>
    <message>
        <source>Last looked for: {when}</source>
        <translation>上次查找：{when}</translation>
    </message>
    <message>
        <source>Looking for a new version…</source>
        <translation>正在查找新版本…</translation>
    </message>
    <message>
        <source>Not looked for yet.</source>
        <translation>尚未查找过。</translation>
    </message>
    <message>
        <source>The download was cut short.</source>
        <translation>下载中断。</translation>
    </message>
    <message>
        <source>The download was too slow.</source>
        <translation>下载速度太慢。</translation>
    </message>
    <message>
        <source>The new version could not be saved.</source>
        <translation>无法保存新版本。</translation>
    </message>
    <message>
        <source>The new version was downloaded, but could not be unpacked.</source>
        <translation>新版本已下载，但无法解压。</translation>
    </message>
    <message>
        <source>The server could not be reached.</source>
        <translation>无法连接到服务器。</translation>
    </message>
    <message>
        <source>The server could not prove who it is, so nothing was taken from it.</source>
        <translation>服务器无法证明自己的身份，因此未从中下载任何内容。</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>服务器没有及时响应。</translation>
    </message>
    <message>
        <source>The server gave an answer that cannot be used.</source>
        <translation>服务器的回复无法使用。</translation>
    </message>
    <message>
        <source>The server offered a version that does not come from the makers of this one. It was not downloaded.</source>
        <translation>服务器提供的版本并非来自此版本的开发者，因此未下载。</translation>
    </message>
    <message>
        <source>The site of your account does not tell of new versions.</source>
        <translation>您账号所属的网站没有提供新版本的信息。</translation>
    </message>
    <message>
        <source>There is a new version, but none for this kind of computer.</source>
        <translation>有新版本，但不适用于此类电脑。</translation>
    </message>
    <message>
        <source>There is not enough room on the disk for the new version.</source>
        <translation>磁盘空间不足，无法存放新版本。</translation>
    </message>
    <message>
        <source>This is the newest version.</source>
        <translation>这是最新版本。</translation>
    </message>
    <message>
        <source>Twocan {version} is ready for the next start.</source>
        <translation>Twocan {version} 已就绪，下次启动时生效。</translation>
    </message>
    <message>
        <source>Version {version} is being downloaded…</source>
        <translation>正在下载版本 {version}…</translation>
    </message>
    <message>
        <source>Version {version} is being unpacked…</source>
        <translation>正在解压版本 {version}…</translation>
    </message>
    <message>
        <source>Version {version} is out: it is downloaded when there is no call.</source>
        <translation>版本 {version} 已发布，将在没有通话时下载。</translation>
    </message>
    <message>
        <source>Version {version} is ready for the next start.</source>
        <translation>版本 {version} 已就绪，下次启动时生效。</translation>
    </message>
    <message>
        <source>What was downloaded is not the new version. It was thrown away.</source>
        <translation>下载的文件不是新版本，已丢弃。</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>A video call</source>
        <translation>视频通话</translation>
    </message>
    <message>
        <source>Answered on another phone of yours</source>
        <translation>已在您的另一部电话上接听</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>很差</translation>
    </message>
    <message>
        <source>Call again in a moment.</source>
        <translation>请稍后再打。</translation>
    </message>
    <message>
        <source>Call again. If it happens every time, update both programs.</source>
        <translation>请再打一次。如果每次都这样，请更新双方的程序。</translation>
    </message>
    <message>
        <source>Call back when you like.</source>
        <translation>您可以随时回拨。</translation>
    </message>
    <message>
        <source>Check both, then try again.</source>
        <translation>请检查后重试。</translation>
    </message>
    <message>
        <source>Check your internet connection, or try again later.</source>
        <translation>请检查网络连接，或稍后再试。</translation>
    </message>
    <message>
        <source>Check your internet connection, then try again.</source>
        <translation>请检查网络连接，然后重试。</translation>
    </message>
    <message>
        <source>Check your network, then call again.</source>
        <translation>请检查网络，然后再打。</translation>
    </message>
    <message>
        <source>Declined on another phone of yours</source>
        <translation>已在您的另一部电话上拒接</translation>
    </message>
    <message>
        <source>Do not disturb: calls do not ring</source>
        <translation>勿扰：来电不响铃</translation>
    </message>
    <message>
        <source>End the call first, then press the call button on the site again.</source>
        <translation>请先结束通话，再点击网站上的通话按钮。</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>一般</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>It did not come with the keys that were promised: somebody may try to listen. Try another network, and compare the safety code in the next call.</source>
        <translation>通话密钥与约定的不符：可能有人试图窃听。请换一个网络，并在下次通话时核对安全码。</translation>
    </message>
    <message>
        <source>It has to look like person@site.example.</source>
        <translation>地址应类似 person@site.example。</translation>
    </message>
    <message>
        <source>It left without a word: it may have lost its network or its power. Call again in a moment.</source>
        <translation>对方突然离线：可能断网或断电了。请稍后再打。</translation>
    </message>
    <message>
        <source>It may not be a good moment. Try again later.</source>
        <translation>现在可能不太方便，请稍后再试。</translation>
    </message>
    <message>
        <source>It rang there until the time was up. Try again later.</source>
        <translation>电话响了很久，无人接听。请稍后再试。</translation>
    </message>
    <message>
        <source>It was nothing that you did. Call again in a moment.</source>
        <translation>这不是您造成的。请稍后再打。</translation>
    </message>
    <message>
        <source>No camera is chosen. Choose one in the settings.</source>
        <translation>尚未选择摄像头，请在设置中选择。</translation>
    </message>
    <message>
        <source>No phone rang: nobody has this address, or none of their phones is online. Check the address, or try again later.</source>
        <translation>没有电话响铃：没有人使用此地址，或对方的电话都不在线。请检查地址，或稍后再试。</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>尚未登录</translation>
    </message>
    <message>
        <source>Offline, trying again by itself</source>
        <translation>离线，正在自动重试</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>较差</translation>
    </message>
    <message>
        <source>Press the call button on the site again.</source>
        <translation>请再次点击网站上的通话按钮。</translation>
    </message>
    <message>
        <source>Press the call button on the site again: it brings you a new one.</source>
        <translation>请再次点击网站上的通话按钮，即可获得新的登录。</translation>
    </message>
    <message>
        <source>Ready for calls</source>
        <translation>可以通话</translation>
    </message>
    <message>
        <source>Sign in again, then call {name}.</source>
        <translation>请重新登录，然后打给 {name}。</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>正在登录…</translation>
    </message>
    <message>
        <source>Sound does not reach this computer&apos;s devices. Install the plugins of ALSA.</source>
        <translation>声音无法到达此电脑的设备。请安装 ALSA 插件。</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>操作未成功</translation>
    </message>
    <message>
        <source>The address and the password do not belong together</source>
        <translation>地址与密码不匹配</translation>
    </message>
    <message>
        <source>The call is over: it does not ring any more</source>
        <translation>通话已结束：不再响铃</translation>
    </message>
    <message>
        <source>The call was not safe, so it was ended</source>
        <translation>通话不安全，已被结束</translation>
    </message>
    <message>
        <source>The call with {name} goes on there.</source>
        <translation>与 {name} 的通话正在那里继续。</translation>
    </message>
    <message>
        <source>The call with {name} is over</source>
        <translation>与 {name} 的通话已结束</translation>
    </message>
    <message>
        <source>The camera cannot be used ({detail}). Choose another one.</source>
        <translation>摄像头无法使用（{detail}）。请选择其他摄像头。</translation>
    </message>
    <message>
        <source>The connection is not safe, so nothing was sent</source>
        <translation>连接不安全，未发送任何内容</translation>
    </message>
    <message>
        <source>The connection to {name} was lost</source>
        <translation>与 {name} 的连接已中断</translation>
    </message>
    <message>
        <source>The link is for another account than the one in this call</source>
        <translation>此链接对应的账号与当前通话的账号不同</translation>
    </message>
    <message>
        <source>The microphone stopped ({detail}). Try it again.</source>
        <translation>麦克风已停止（{detail}）。请重试。</translation>
    </message>
    <message>
        <source>The phone of {name} is gone</source>
        <translation>{name} 的电话已离线</translation>
    </message>
    <message>
        <source>The pictures of {device} cannot be read. Unplug it and plug it in again, or choose another camera.</source>
        <translation>无法读取 {device} 的画面。请拔下后重新连接，或选择其他摄像头。</translation>
    </message>
    <message>
        <source>The program of {name} failed</source>
        <translation>{name} 的程序出错了</translation>
    </message>
    <message>
        <source>The ring volume is zero. Turn it up.</source>
        <translation>铃声音量为零，请调高。</translation>
    </message>
    <message>
        <source>The screen cannot be shared: {detail}</source>
        <translation>无法共享屏幕：{detail}</translation>
    </message>
    <message>
        <source>The server does not let this account in</source>
        <translation>服务器拒绝此账号</translation>
    </message>
    <message>
        <source>The site does not answer</source>
        <translation>网站没有响应</translation>
    </message>
    <message>
        <source>The site does not connect these two addresses. Ask it why.</source>
        <translation>网站不允许接通这两个地址，请向网站咨询原因。</translation>
    </message>
    <message>
        <source>The sound of this computer does not answer. Log in again, or restart it.</source>
        <translation>此电脑的声音系统没有响应。请重新登录系统，或重启电脑。</translation>
    </message>
    <message>
        <source>The sound stopped by a mistake of Twocan. Try it again.</source>
        <translation>由于 Twocan 出错，声音已停止。请重试。</translation>
    </message>
    <message>
        <source>The speaker stopped ({detail}). Try it again.</source>
        <translation>扬声器已停止（{detail}）。请重试。</translation>
    </message>
    <message>
        <source>The window {device} is minimised. Show it again.</source>
        <translation>窗口 {device} 已最小化，请将其恢复。</translation>
    </message>
    <message>
        <source>The window {device} was closed. Share another one.</source>
        <translation>窗口 {device} 已关闭，请共享其他窗口。</translation>
    </message>
    <message>
        <source>There is no camera {device}. Plug it in, or choose another one in the settings.</source>
        <translation>找不到摄像头 {device}。请连接它，或在设置中选择其他摄像头。</translation>
    </message>
    <message>
        <source>There is no camera. Plug one in.</source>
        <translation>没有摄像头，请连接一个。</translation>
    </message>
    <message>
        <source>There is no microphone {device}. Plug it in, or choose another one in the settings.</source>
        <translation>找不到麦克风 {device}。请连接它，或在设置中选择其他麦克风。</translation>
    </message>
    <message>
        <source>There is no microphone. Plug one in.</source>
        <translation>没有麦克风，请连接一个。</translation>
    </message>
    <message>
        <source>There is no screen that can be shared.</source>
        <translation>没有可以共享的屏幕。</translation>
    </message>
    <message>
        <source>There is no speaker {device}. Plug it in, or choose another one in the settings.</source>
        <translation>找不到扬声器 {device}。请连接它，或在设置中选择其他扬声器。</translation>
    </message>
    <message>
        <source>There is no speaker. Plug in a speaker or headphones.</source>
        <translation>没有扬声器，请连接扬声器或耳机。</translation>
    </message>
    <message>
        <source>There is no way to the server</source>
        <translation>无法连接服务器</translation>
    </message>
    <message>
        <source>There was no way through to {name}</source>
        <translation>无法接通 {name}</translation>
    </message>
    <message>
        <source>They have no kind of sound in common. Update both programs, then call again.</source>
        <translation>双方没有共同的音频格式。请更新双方的程序，然后再打。</translation>
    </message>
    <message>
        <source>This computer does not have this account&apos;s password any more</source>
        <translation>此电脑上已没有该账号的密码</translation>
    </message>
    <message>
        <source>This computer does not say which cameras there are: {detail}</source>
        <translation>无法获取此电脑的摄像头列表：{detail}</translation>
    </message>
    <message>
        <source>This computer keeps {device} from your account. Add the account to the group &apos;video&apos;, then log in again.</source>
        <translation>此电脑不允许您的用户使用 {device}。请将该用户加入“video”组，然后重新登录系统。</translation>
    </message>
    <message>
        <source>This is no link for a call, or a part of it is missing</source>
        <translation>这不是通话链接，或链接不完整</translation>
    </message>
    <message>
        <source>This is not an address</source>
        <translation>这不是有效的地址</translation>
    </message>
    <message>
        <source>This link was used before, or is too old</source>
        <translation>此链接已使用过，或已过期</translation>
    </message>
    <message>
        <source>This program made a mistake</source>
        <translation>本程序出错了</translation>
    </message>
    <message>
        <source>This sign-in is over</source>
        <translation>此登录已过期</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <source>Try again in a while.</source>
        <translation>请过一会儿再试。</translation>
    </message>
    <message>
        <source>Twocan was installed without what cameras need. Install it again.</source>
        <translation>Twocan 缺少摄像头所需的组件，请重新安装。</translation>
    </message>
    <message>
        <source>Twocan was installed without what sharing the screen needs. Install it again.</source>
        <translation>Twocan 缺少共享屏幕所需的组件，请重新安装。</translation>
    </message>
    <message>
        <source>Twocan was installed without what sound devices need. Install it again.</source>
        <translation>Twocan 缺少音频设备所需的组件，请重新安装。</translation>
    </message>
    <message>
        <source>Type it once more, or press the call button on the site again.</source>
        <translation>请重新输入，或再次点击网站上的通话按钮。</translation>
    </message>
    <message>
        <source>Wayland does not let Twocan share the screen. Log in to an X11 session.</source>
        <translation>Wayland 不允许 Twocan 共享屏幕。请登录 X11 会话。</translation>
    </message>
    <message>
        <source>Whoever answered cannot prove to be the right server. Try another network, or ask the site.</source>
        <translation>应答者无法证明自己是正确的服务器。请换一个网络，或咨询网站。</translation>
    </message>
    <message>
        <source>Whoever called gave up, or you took it on another device. Call back when you like.</source>
        <translation>对方已挂断，或者您已在另一台设备上接听。您可以随时回拨。</translation>
    </message>
    <message>
        <source>Windows keeps the camera from Twocan. Allow desktop apps to use it in Settings, Privacy &amp; security, Camera.</source>
        <translation>Windows 不允许 Twocan 使用摄像头。请在“设置”&gt;“隐私和安全性”&gt;“摄像头”中允许桌面应用访问。</translation>
    </message>
    <message>
        <source>Yesterday, {time}</source>
        <translation>昨天 {time}</translation>
    </message>
    <message>
        <source>You and {name} may not call each other</source>
        <translation>您和 {name} 不能互相通话</translation>
    </message>
    <message>
        <source>You and {name} went on in a newer call</source>
        <translation>您和 {name} 已转到新的通话</translation>
    </message>
    <message>
        <source>You are in a call. Try it again when it is over.</source>
        <translation>您正在通话中，请在结束后再试。</translation>
    </message>
    <message>
        <source>You both agreed to talk, but a network in between does not let calls pass. Call again, or try another network.</source>
        <translation>双方都已接听，但途中的网络不允许通话通过。请再打一次，或换一个网络。</translation>
    </message>
    <message>
        <source>You declined the call</source>
        <translation>您拒接了电话</translation>
    </message>
    <message>
        <source>You gave up before {name} answered</source>
        <translation>您在 {name} 接听前取消了呼叫</translation>
    </message>
    <message>
        <source>You hung up</source>
        <translation>您已挂断</translation>
    </message>
    <message>
        <source>You hung up before the call was connected</source>
        <translation>您在接通前挂断了</translation>
    </message>
    <message>
        <source>You missed a call from {name}</source>
        <translation>您错过了 {name} 的来电</translation>
    </message>
    <message>
        <source>You were signed out before the call began</source>
        <translation>通话开始前您已退出登录</translation>
    </message>
    <message>
        <source>Your microphone hears nothing at all. It may be muted, or Twocan may not use it.</source>
        <translation>麦克风完全没有声音。可能已被静音，或 Twocan 无权使用它。</translation>
    </message>
    <message>
        <source>Your phone and that of {name} do not understand each other</source>
        <translation>您的电话与 {name} 的电话不兼容</translation>
    </message>
    <message>
        <source>Your phone and that of {name} misunderstood each other</source>
        <translation>您的电话与 {name} 的电话通信出错</translation>
    </message>
    <message>
        <source>macOS asks whether Twocan may use the camera. Allow it.</source>
        <translation>macOS 正在询问是否允许 Twocan 使用摄像头，请允许。</translation>
    </message>
    <message>
        <source>macOS keeps the camera from Twocan. Allow it in System Settings, Privacy &amp; Security, Camera.</source>
        <translation>macOS 不允许 Twocan 使用摄像头。请在“系统设置”&gt;“隐私与安全性”&gt;“摄像头”中允许。</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day} {time}</translation>
    </message>
    <message>
        <source>{device} could be several cameras. Choose one in the settings.</source>
        <translation>{device} 对应多个摄像头，请在设置中选择一个。</translation>
    </message>
    <message>
        <source>{device} could be several devices. Choose one in the settings.</source>
        <translation>{device} 对应多个设备，请在设置中选择一个。</translation>
    </message>
    <message>
        <source>{device} does not open ({detail}). Close the other program that uses it, or choose another device.</source>
        <translation>{device} 无法打开（{detail}）。请关闭正在使用它的其他程序，或选择其他设备。</translation>
    </message>
    <message>
        <source>{device} does not open. Close the other program that uses it.</source>
        <translation>{device} 无法打开。请关闭正在使用它的其他程序。</translation>
    </message>
    <message>
        <source>{device} failed ({detail}). Unplug it, or choose another camera.</source>
        <translation>{device} 出错（{detail}）。请拔下它，或选择其他摄像头。</translation>
    </message>
    <message>
        <source>{device} gives no pictures. Unplug it and plug it in again.</source>
        <translation>{device} 没有画面。请拔下后重新连接。</translation>
    </message>
    <message>
        <source>{device} is unplugged. Plug it in again, or choose another camera.</source>
        <translation>{device} 已断开。请重新连接，或选择其他摄像头。</translation>
    </message>
    <message>
        <source>{device} takes long to open. Unplug it and plug it in again.</source>
        <translation>{device} 打开时间过长。请拔下后重新连接。</translation>
    </message>
    <message>
        <source>{name} called while you were in another call</source>
        <translation>您通话时 {name} 打来过</translation>
    </message>
    <message>
        <source>{name} cannot be reached</source>
        <translation>无法联系到 {name}</translation>
    </message>
    <message>
        <source>{name} declined the call</source>
        <translation>{name} 拒接了电话</translation>
    </message>
    <message>
        <source>{name} did not answer</source>
        <translation>{name} 没有接听</translation>
    </message>
    <message>
        <source>{name} gave up before you answered</source>
        <translation>{name} 在您接听前挂断了</translation>
    </message>
    <message>
        <source>{name} hung up</source>
        <translation>{name} 挂断了电话</translation>
    </message>
    <message>
        <source>{name} hung up before the call was connected</source>
        <translation>{name} 在接通前挂断了</translation>
    </message>
    <message>
        <source>{name} is in another call</source>
        <translation>{name} 正在通话中</translation>
    </message>
</context>
</TS>
