// webtorrent asks this package for WebRTC, whose native build can't be installed without scripts. Nodes speak plain
// TCP, so every name it looks for is undefined: webtorrent then reports WEBRTC_SUPPORT = false and goes on.
const none = undefined;
export {
  none as RTCPeerConnection, none as RTCSessionDescription, none as RTCIceCandidate, none as RTCIceTransport,
  none as RTCDataChannel, none as RTCSctpTransport, none as RTCDtlsTransport, none as RTCCertificate,
  none as MediaStream, none as MediaStreamTrack, none as MediaStreamTrackEvent, none as RTCPeerConnectionIceEvent,
  none as RTCDataChannelEvent, none as RTCTrackEvent, none as RTCError, none as RTCErrorEvent,
  none as RTCRtpTransceiver, none as RTCRtpSender, none as RTCRtpReceiver,
};
export default {};
